/// The samples of one quantity over the rounds of a measurement, as seconds an iteration.
///
/// The best is the minimum of the clean samples: whatever else runs only ever adds time. Where no sample
/// was clean it is the minimum of all, which is too long rather than too short, and `isClean` says so.
public struct Series: Sendable {
  /// How many samples were taken, and how many of them were clean.
  public private(set) var count = 0
  public private(set) var cleanCount = 0
  private var cleanMinima: [Int: Double] = [:]
  private var allMinima: [Int: Double] = [:]

  /// No samples yet.
  public init() {}

  /// Notes a sample.
  /// - Parameters:
  ///   - seconds: Elapsed seconds an iteration.
  ///   - isClean: Whether it was not interrupted.
  ///   - round: The round that it belongs to.
  public mutating func add(_ seconds: Double, isClean: Bool, round: Int) {
    count += 1
    allMinima[round] = min(allMinima[round] ?? .infinity, seconds)
    guard isClean else { return }
    cleanCount += 1
    cleanMinima[round] = min(cleanMinima[round] ?? .infinity, seconds)
  }

  /// Whether the figures rest on clean samples.
  public var isClean: Bool { cleanCount > 0 }

  /// The minimum of each round, smallest first.
  public var roundMinima: [Double] { (isClean ? cleanMinima : allMinima).values.sorted() }

  /// The shortest time of an iteration; `nil` before the first sample.
  public var best: Double? { roundMinima.first }

  /// (median − minimum) / minimum over the rounds' minima; `nil` before the first sample.
  public var spread: Double? {
    let sorted = roundMinima
    guard let least = sorted.first, least > 0 else { return nil }
    let middle = sorted.count / 2
    let median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    return (median - least) / least
  }

  /// Whether more samples would hardly change the best: enough clean ones over enough rounds, and a second
  /// round that came within `agreement` of the best.
  public func isSettled(cleanSamples: Int, rounds: Int, agreement: Double) -> Bool {
    let sorted = roundMinima
    guard cleanCount >= cleanSamples, sorted.count >= max(2, rounds) else { return false }
    return sorted[1] <= sorted[0] * (1 + agreement)
  }
}
