#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bandwidth against the working set, and what it says of the levels behind it.
struct BandwidthCurve {
  /// A working set of all threads in bytes, and its bandwidth in bytes a second.
  struct Point: Equatable {
    var bytes: Int
    var rate: Double
  }

  /// Smallest working set first.
  let points: [Point]

  /// A curve through points in any order; of several for one working set the fastest counts.
  init(_ points: [Point]) {
    let best = Dictionary(points.map { ($0.bytes, $0.rate) }, uniquingKeysWith: max)
    self.points = best.map { Point(bytes: $0.key, rate: $0.value) }.sorted { $0.bytes < $1.bytes }
  }

  /// The largest working set that a level still holds: where the curve falls below the geometric mean of its
  /// own plateau and the next, between two points on a straight line in logarithms.
  /// - Parameters:
  ///   - nearer: Capacity of the level before, 0 for the first.
  ///   - capacity: Capacity of the level.
  ///   - next: Capacity of the level behind; `nil` for main memory.
  /// - Returns: The size, at most the capacity; `nil` where the curve does not fall by a fifth.
  func knee(nearer: Int, capacity: Int, next: Int?) -> Int? {
    let own = points.filter { $0.bytes > nearer && $0.bytes <= capacity }.map(\.rate).max()
    let beyond = points.filter { $0.bytes > capacity * 2 && $0.bytes <= (next ?? .max) }
    guard let own, let far = beyond.map(\.rate).max(), far < 0.8 * own else { return nil }
    let threshold = (own * far).squareRoot()
    let path = points.filter { $0.bytes > nearer }
    guard let first = path.firstIndex(where: { $0.rate < threshold }), first > 0 else { return nil }
    let (last, next) = (path[first - 1], path[first])
    let share = log(last.rate / threshold) / log(last.rate / next.rate)
    let bytes = Double(last.bytes) * exp(share * log(Double(next.bytes) / Double(last.bytes)))
    return min(Int(bytes), capacity)
  }
}
