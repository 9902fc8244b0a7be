#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A progress line on standard error with rate and time left; nothing where that is no terminal.
struct Progress {
  private let total: Int
  private let unit: String
  private let isShown: Bool
  private let start: ContinuousClock.Instant
  private var nextCheck = 1
  private var lastShown: ContinuousClock.Instant

  init(total: Int, unit: String) {
    self.total = total
    self.unit = unit
    isShown = isatty(2) == 1
    start = .now
    lastShown = start
  }

  /// Tells that `done` of the total are done; looks at the clock seldom.
  mutating func update(_ done: Int) {
    guard isShown, done >= nextCheck else { return }
    nextCheck = done + max(1, total / 1000)
    let now = ContinuousClock.now
    guard lastShown.duration(to: now) > .milliseconds(100) else { return }
    lastShown = now
    let elapsed = start.duration(to: now) / .seconds(1)
    let rate = Double(done) / elapsed
    let left = Double(total - done) / rate
    let filled = 30 * done / max(1, total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
    show("\r\(bar) \(done)/\(total) \(unit), \(Int(rate))/s, \(Int(left.rounded(.up))) s left ")
  }

  /// Clears the line.
  func finish() {
    if isShown { show("\r\u{1B}[K") }
  }

  private func show(_ text: String) { Output.write(Array(text.utf8), to: 2) }
}
