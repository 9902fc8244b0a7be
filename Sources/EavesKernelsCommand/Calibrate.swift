import ArgumentParser
import Eaves
import EavesCatalog
import EavesKernels

/// `eaves-kernels calibrate`: measures the machine that it runs on.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine.", subcommands: [Host.self], defaultSubcommand: Host.self)

  struct Host: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure this machine and write a chip profile of it.",
      discussion: """
        Peaks of vectors and matrix products, bandwidth and latency of every memory level, exp, \
        expanding quantised weights and calls; docs/calibration.md tells how. It takes up to three \
        minutes, and figures are best where nothing else runs.

        EXAMPLE: eaves calibrate host --output host.json
        """)

    @ArgumentParser.Option(help: "Write the profile there; standard output where not given.")
    var output: String?

    @ArgumentParser.Option(
      help: ArgumentHelp(
        "Write every figure measured there as CSV: curves by size, spread, samples.",
        valueName: "file"))
    var measurements: String?

    @Flag(help: "Fewer points, under 20 seconds.")
    var quick = false

    @ArgumentParser.Option(
      help: "Threads of the figures for the whole machine; all where not given.")
    var threads: Int?

    @ArgumentParser.Option(help: ArgumentHelp("Seconds for the samples.", visibility: .hidden))
    var budget: Double?

    func validate() throws {
      if let threads, !(1...256).contains(threads) {
        throw ValidationError("--threads: \(threads) is out of range; write 1 to 256")
      }
      if let budget, !(0.1...3600).contains(budget) {
        throw ValidationError("--budget: \(budget) is out of range; write 0.1 to 3600")
      }
      for (name, path) in [("--output", output), ("--measurements", measurements)]
      where path == "" {
        throw ValidationError("\(name): no file is named; write its name")
      }
    }

    func run() throws {
      do {
        try measure()
      } catch let error as DataError {
        StandardError.line("eaves: \(error.description)")
        throw ExitCode(error.kind.exitCode)
      }
    }

    private func measure() throws {
      // Both are known to be writable before minutes are spent.
      let profileFile = try output.map { path in try AtomicFile(path: path) }
      let tableFile = try measurements.map { path in try AtomicFile(path: path) }
      let topology = Topology.host
      let calibration = Calibration(
        topology: topology, plan: plan(threads: threads ?? topology.processors))
      var progress = CalibrationProgress()
      let host = calibration.run { progress.show($0) }
      progress.finish()
      if let disturbance = host.disturbance { StandardError.line("eaves: note: \(disturbance)") }
      if !host.isOptimised {
        StandardError.line(
          "eaves: note: built without optimisation, figures are far too low; build with -c release")
      }
      let text = HostProfile(host, id: id).text
      try check(text)
      if let tableFile {
        try tableFile.append(host.table)
        try tableFile.commit()
      }
      guard let profileFile else {
        print(text, terminator: "")
        return
      }
      try profileFile.append(text)
      try profileFile.commit()
    }

    private func plan(threads: Int) -> CalibrationPlan {
      if let budget { return .brief(budget: budget, threads: threads) }
      return quick ? .quick(threads: threads) : .full(threads: threads)
    }

    /// The name of the file, without its folder and its ending.
    private var id: String {
      let file = output?.split(separator: "/").last ?? "host"
      return HostProfile.id(from: file.hasSuffix(".json") ? file.dropLast(5) : file[...])
    }

    /// Reads the profile as every command will, so that no file is written that they refuse.
    private func check(_ text: String) throws {
      let chip = try Chip(parsing: Array(text.utf8), file: output ?? "the profile")
      for finding in chip.findings() where finding.severity == .error {
        StandardError.line("eaves: note: \(finding)")
      }
    }
  }
}
