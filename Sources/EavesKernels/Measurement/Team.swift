import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Times a probe on one thread, or on several that start together.
public enum Team {
  /// Runs the warm-up of a probe, then its iterations, and times those.
  public static func sample(_ probe: Probe, _ iterations: Int) -> Sample {
    probe.prepare()
    guard probe.team > 1 else { return alone(probe, iterations) }
    let run = Run(probe, iterations)
    let helpers = (1..<probe.team).compactMap { start(Helper(run, thread: $0)) }
    // Threads that the system refuses would be waited for in vain.
    run.expect(helpers.count + 1)
    run.work(thread: 0)
    for helper in helpers { pthread_join(helper, nil) }
    return run.sample
  }

  /// On the calling thread; a library with threads of its own is timed by the whole process.
  private static func alone(_ probe: Probe, _ iterations: Int) -> Sample {
    probe.body(0, probe.warmUp)
    let cpu = MeasurementClock.cpu(probe.scope)
    let wall = MeasurementClock.wall()
    probe.body(0, iterations)
    let elapsed = MeasurementClock.wall() - wall
    let used = MeasurementClock.cpu(probe.scope) - cpu
    return Sample(
      wall: elapsed, cpu: probe.scope == .thread ? used : used / Double(probe.key.threads))
  }

  private static func start(_ helper: Helper) -> pthread_t? {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let retained = Unmanaged.passRetained(helper)
    let failure = pthread_create(&thread, nil, enter, retained.toOpaque())
    if failure != 0 { retained.release() }
    return failure == 0 ? thread : nil
  }

  /// One thread of a run, as the C library hands it on.
  private final class Helper {
    let run: Run
    let thread: Int

    init(_ run: Run, thread: Int) {
      self.run = run
      self.thread = thread
    }
  }

  #if canImport(Darwin)
    private static let enter: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? =
      { pointer in
        let helper = Unmanaged<Helper>.fromOpaque(pointer).takeRetainedValue()
        helper.run.work(thread: helper.thread)
        return nil
      }
  #else
    private static let enter:
      @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        guard let pointer else { return nil }
        let helper = Unmanaged<Helper>.fromOpaque(pointer).takeRetainedValue()
        helper.run.work(thread: helper.thread)
        return nil
      }
  #endif

  /// What the threads of one sample share.
  private final class Run {
    private let probe: Probe
    private let iterations: Int
    private let expected = Atomic<Int>(.max)
    private let ready = Atomic<Int>(0)
    /// Start, end and processor time of each thread: each writes its own.
    private let times: UnsafeMutablePointer<Double>

    init(_ probe: Probe, _ iterations: Int) {
      self.probe = probe
      self.iterations = iterations
      times = .allocate(capacity: 3 * probe.team)
      times.initialize(repeating: 0, count: 3 * probe.team)
    }

    deinit { times.deallocate() }

    func expect(_ count: Int) { expected.store(count, ordering: .releasing) }

    func work(thread: Int) {
      probe.body(thread, probe.warmUp)
      ready.add(1, ordering: .acquiringAndReleasing)
      while ready.load(ordering: .acquiring) < expected.load(ordering: .acquiring) {}
      let cpu = MeasurementClock.cpu(.thread)
      times[3 * thread] = MeasurementClock.wall()
      probe.body(thread, iterations)
      times[3 * thread + 1] = MeasurementClock.wall()
      times[3 * thread + 2] = MeasurementClock.cpu(.thread) - cpu
    }

    /// From the first start to the last end, and the share of it that the worst thread had a processor.
    ///
    /// A thread that starts late because it was put aside counts as interrupted; one that is done early
    /// does not.
    var sample: Sample {
      let team = (0..<probe.team).filter { times[3 * $0 + 1] > 0 }
      let first = team.map { times[3 * $0] }.min() ?? 0
      let last = team.map { times[3 * $0 + 1] }.max() ?? 0
      let share = team.map { times[3 * $0 + 2] / (times[3 * $0 + 1] - first) }.min() ?? 0
      // A team that is not complete has done less than was asked for.
      let isComplete = team.count == probe.team
      return Sample(
        wall: isComplete ? last - first : .infinity, cpu: share * (last - first))
    }
  }
}
