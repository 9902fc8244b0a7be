/// How much a calibration measures, and for how long.
public struct CalibrationPlan: Sendable {
  /// Seconds for the samples; making ready takes a few more.
  public var budget: Double
  /// Threads of the figures for the whole machine.
  public var threads: Int
  /// Working sets grow by two to this power from 8 KiB on; `nil` for one a memory level.
  var step: Double?
  /// Whether copy and triad follow every working set, on one thread and on all.
  var isFull: Bool
  /// The largest working set of all threads together: at least this, and this many last caches.
  var mostBytes: Int
  var mostCaches: Int
  /// Orders of products in single and in double precision.
  var orders: [Int]
  var doubleOrders: [Int]

  /// Every curve: about two and a half minutes.
  public static func full(threads: Int) -> CalibrationPlan {
    CalibrationPlan(
      budget: 150, threads: threads, step: 0.75, isFull: true, mostBytes: 1 << 28, mostCaches: 4,
      orders: [64, 96, 128, 192, 256, 512, 768, 1024, 2048], doubleOrders: [256, 512, 1024])
  }

  /// Fewer points: under 20 seconds.
  public static func quick(threads: Int) -> CalibrationPlan {
    CalibrationPlan(
      budget: 14, threads: threads, step: 1.5, isFull: false, mostBytes: 1 << 27, mostCaches: 3,
      orders: [64, 256, 1024], doubleOrders: [512])
  }

  /// One point a memory level, for a given number of seconds: for tests.
  ///
  /// Working sets are too small for main memory: the figures are of no use.
  public static func brief(budget: Double, threads: Int) -> CalibrationPlan {
    CalibrationPlan(
      budget: budget, threads: threads, step: nil, isFull: false, mostBytes: 1 << 22,
      mostCaches: 0, orders: [64, 256], doubleOrders: [128])
  }

  /// The largest working set of all threads together, within an eighth of the memory.
  func mostBytes(on topology: Topology) -> Int {
    let wanted = max(mostBytes, mostCaches * topology.lastCacheBytes)
    return topology.memory.map { min(wanted, $0 / 8) } ?? wanted
  }

  /// Half of what a thread has of each cache, and the largest working set of a thread, smallest first.
  func levelSizes(on topology: Topology, threads: Int) -> [Int] {
    let most = mostBytes(on: topology) / threads
    let inCaches = topology.caches.map { topology.share(of: $0, threads: threads) / 2 }
    return Set((inCaches + [most]).map { Self.rounded(min($0, most)) }).sorted()
  }

  /// Working sets of a thread, smallest first.
  func workingSets(on topology: Topology, threads: Int) -> [Int] {
    var sizes = Set(levelSizes(on: topology, threads: threads))
    if let step {
      let most = Double(mostBytes(on: topology) / threads)
      var exponent = 13.0
      while power(exponent) <= most {
        sizes.insert(Self.rounded(Int(power(exponent))))
        exponent += step
      }
    }
    return sizes.sorted()
  }

  /// 2 to a power that is a multiple of a quarter.
  private func power(_ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    let quarters = Int((exponent - whole) * 4)
    let root = 2.0.squareRoot().squareRoot()
    return (0..<quarters).reduce(Double(1 << Int(whole))) { value, _ in value * root }
  }

  /// Whole steps of every loop over one, two or three arrays.
  private static func rounded(_ bytes: Int) -> Int { max(768, bytes / 768 * 768) }
}
