#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A progress bar on standard error with the time left; nothing where that is no terminal.
struct CalibrationProgress {
  private let isShown = isatty(2) == 1
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  /// Shows the share that is done.
  mutating func show(_ share: Double) {
    let now = ContinuousClock.now
    guard isShown, last.map({ $0.duration(to: now) > .milliseconds(100) }) ?? true else { return }
    last = now
    let elapsed = start.duration(to: now) / .seconds(1)
    let filled = min(30, max(0, Int(30 * share)))
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
    let left = share > 0.02 ? ", at most \(Int(elapsed / share - elapsed) + 1) s left" : ""
    StandardError.write("\r\u{1B}[K\(bar) measuring\(left) ")
  }

  /// Clears the line.
  func finish() {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }
}

/// Standard error, which results never go to.
enum StandardError {
  /// Writes a line.
  static func line(_ text: String) { write("\(text)\n") }

  /// Writes a text.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(2, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func systemWrite(
    _ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, start, count)
    #else
      Darwin.write(descriptor, start, count)
    #endif
  }
}
