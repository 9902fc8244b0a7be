#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Times short pieces of work on a machine that others use too.
///
/// CPU speed flips by a factor of two on shared machines, so medians can lie (docs of the host: short
/// samples, those that were interrupted dropped, the least of many). Times are CPU times of the thread.
enum Stopwatch {
  /// The least time of one of `samples` clean runs of `body`, in nanoseconds.
  ///
  /// A run is clean where its wall time is within 2 % of its CPU time; where no run is, all count.
  static func nanoseconds(samples: Int = 40, _ body: () throws -> Void) rethrows -> Double {
    var clean = Double.infinity
    var any = Double.infinity
    for _ in 0..<samples {
      let (cpu, wall) = (now(CLOCK_THREAD_CPUTIME_ID), now(CLOCK_MONOTONIC))
      try body()
      let cpuTime = now(CLOCK_THREAD_CPUTIME_ID) - cpu
      let wallTime = now(CLOCK_MONOTONIC) - wall
      any = min(any, cpuTime)
      if wallTime <= 1.02 * cpuTime { clean = min(clean, cpuTime) }
    }
    return clean.isFinite ? clean : any
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

/// Work that never changes: 1,000 dependent steps of a random generator with a division each.
///
/// Times are also given as multiples of it, which carries over between machines and noisy hours better
/// than nanoseconds do.
enum ReferenceLoop {
  /// The least time of one pass, in nanoseconds.
  static func nanoseconds() -> Double {
    var state: UInt64 = 1
    var sum = 0.0
    let time = Stopwatch.nanoseconds(samples: 200) {
      for _ in 0..<100 { sum += pass(&state) }
    }
    precondition(sum.isFinite)
    return time / 100
  }

  @inline(never)
  private static func pass(_ state: inout UInt64) -> Double {
    var sum = 1.0
    for _ in 0..<1000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sum = Double(state >> 12) / (sum + 1)
    }
    return sum
  }
}

/// A text filled up to a width.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
