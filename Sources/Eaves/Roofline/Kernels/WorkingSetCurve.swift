import Quantities

/// Seconds a byte against the working set: straight lines in the logarithm of the size, which is itself taken to be a line
/// between powers of two.
///
/// A curve, not plateaus: caches lose lines long before they are full, and a last level that others use too has no
/// edge at all.
struct WorkingSetCurve: Sendable {
  private let logSizes: [Double]
  private let times: [Double]

  /// A curve through points, smallest working set first; `nil` without points.
  init?(_ points: [KernelTimes.Point]) {
    guard !points.isEmpty else { return nil }
    logSizes = points.map { Self.logarithm($0.workingSet.value) }
    // What a farther level delivers, nearer ones deliver too: small sizes can suffer from the loop around them.
    var fastest = points.map { 1 / $0.bandwidth.value.value }
    for index in fastest.indices.dropLast().reversed() {
      fastest[index] = min(fastest[index], fastest[index + 1])
    }
    times = fastest
  }

  /// Time of a byte from the farthest level.
  var farthest: Double { times[times.count - 1] }

  /// Time of a byte from the nearest level.
  var nearest: Double { times[0] }

  /// Time of a byte of a working set.
  func time(_ bytes: Double) -> Double {
    guard bytes > 1, let last = times.last, let lastSize = logSizes.last else { return nearest }
    let size = Self.logarithm(bytes)
    if size <= logSizes[0] { return nearest }
    if size >= lastSize { return last }
    // A dozen or two points: a search costs less than it saves.
    var index = 1
    while logSizes[index] < size { index += 1 }
    let share = (size - logSizes[index - 1]) / (logSizes[index] - logSizes[index - 1])
    return times[index - 1] + share * (times[index] - times[index - 1])
  }

  /// The binary logarithm, exact at powers of two.
  private static func logarithm(_ size: Double) -> Double {
    let size = max(1, size)
    return Double(size.exponent) + (size.significand - 1)
  }
}
