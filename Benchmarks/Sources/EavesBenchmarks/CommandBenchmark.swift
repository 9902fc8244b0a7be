import Quantities

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `eaves` costs as a process: CPU time from cold, and peak memory.
struct CommandBenchmark {
  let eaves: String

  func report() throws {
    try reportTimes(["--version"])
    try reportTimes([
      "bound", "llama-3.1-8b", "--on", "apple-m2-max-38", "--weights", "q4_k_m",
    ])
    try reportMemory()
  }

  /// CPU time, user and system, and peak memory of many runs.
  private func reportTimes(_ arguments: [String], runs: Int = 200) throws {
    let usages = try (0..<runs).map { _ in try run(arguments) }
    let times = usages.map { $0.milliseconds }.sorted()
    print(
      "eaves \(arguments.joined(separator: " ")): least \(significant(times[0])) ms of CPU, "
        + "median \(significant(times[runs / 2])) ms, \(significant(usages[0].megabytes)) MB")
  }

  /// Peak memory of sweeps of 10⁴ and 10⁶ rows.
  private func reportMemory() throws {
    var peaks: [Double] = []
    for contexts in [10, 1000] {
      let path = "/tmp/eaves-benchmark-\(getpid()).json"
      let study = """
        {"schema": 1, "question": "Does memory grow with rows?",
         "model": "llama-3.1-8b", "chip": "nvidia-a100-sxm-80", "weights": ["bf16", "q4_k_m"],
         "baseline": {"weights": "bf16"},
         "phase": ["prefill", "decode"], "batch": [\((1...250).map(String.init).joined(separator: ","))],
         "context": [\((1...contexts).map { String(100 * $0) }.joined(separator: ","))]}
        """
      try write(study, to: path)
      defer { unlink(path) }
      let usage = try run(["sweep", path])
      peaks.append(usage.megabytes)
      print(
        "eaves sweep of \(grouped(contexts * 1000)) rows: \(significant(usage.megabytes)) MB, "
          + "\(significant(usage.milliseconds / 1000)) s of CPU")
    }
    print("peak memory of the two: ratio \(significant(peaks[1] / peaks[0]))")
  }

  /// CPU time and peak memory of one run.
  private func run(_ arguments: [String]) throws -> (milliseconds: Double, megabytes: Double) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var words: [UnsafeMutablePointer<CChar>?] = ([eaves] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let error = posix_spawn(&process, eaves, &actions, nil, &words, environ)
    guard error == 0 else { throw Failure(description: "cannot run \(eaves)") }
    var status: Int32 = 0
    var usage = rusage()
    wait4(process, &status, 0, &usage)
    guard status == 0 else {
      throw Failure(description: "\(eaves) \(arguments.joined(separator: " ")) fails")
    }
    func milliseconds(_ time: timeval) -> Double {
      Double(time.tv_sec) * 1e3 + Double(time.tv_usec) / 1e3
    }
    #if canImport(Darwin)
      let unit = 1e6
    #else
      let unit = 1e3
    #endif
    return (
      milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), Double(usage.ru_maxrss) / unit
    )
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(description: "cannot write \(path)") }
    fputs(text, file)
    fclose(file)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
