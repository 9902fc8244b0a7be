#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The clocks that samples are taken with.
public enum MeasurementClock {
  /// Whose processor time is read.
  public enum Scope: Sendable {
    /// The calling thread's.
    case thread
    /// That of all threads of the process: for libraries with threads of their own.
    case process
  }

  /// Seconds of a monotonic clock.
  public static func wall() -> Double { seconds(CLOCK_MONOTONIC) }

  /// Seconds of processor time used so far.
  public static func cpu(_ scope: Scope) -> Double {
    seconds(scope == .thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Today in UTC ("2026-11-21"), for the record.
  public static func date() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  }

  /// Processes that ran or wanted to in the last minute; `nil` where the system does not say.
  public static func load() -> Double? {
    var loads = [0.0]
    return getloadavg(&loads, 1) == 1 ? loads[0] : nil
  }
}
