public import Quantities

/// The cost of one operation in one layer: what it moves, how long it takes, what limits it.
public struct OperationCost: Sendable {
  /// Bytes across each level, as expected; only positions of the machine's levels count.
  public internal(set) var levelBytes = InlineArray<8, Bytes>(repeating: .zero)
  var terms = Terms()

  /// The longest term as achieved, and which it is.
  public var longest: Seconds { terms.longest.time }
  public var limiter: Limiter { terms.longest.limiter }
  /// All terms, one after the other, and the fixed times.
  public var sum: Seconds { terms.sum + terms.overhead }
  /// Fixed times.
  public var overhead: Seconds { terms.overhead }
  /// Seconds for one layer, as expected.
  public var expected: Seconds { longest + overhead }

  /// The terms of an operation's time, as they come up: each engine and each level is one.
  struct Terms: Sendable {
    private(set) var longest = Longest()
    private(set) var sum = Seconds.zero
    var overhead = Seconds.zero

    /// One term in place of all that came up.
    mutating func replace(_ time: Seconds, _ limiter: Limiter, sum: Seconds) {
      longest = Longest()
      longest.add(time, limiter)
      self.sum = max(sum, time)
      overhead = .zero
    }

    /// Adds a term that runs beside the others.
    @inline(__always)
    mutating func add(_ time: Seconds, _ limiter: Limiter) {
      sum += time
      longest.add(time, limiter)
    }
  }

  /// The longest of the terms that came up, and which it is.
  struct Longest: Sendable {
    private(set) var time = Seconds.zero
    private(set) var limiter = Limiter.overhead

    @inline(__always)
    mutating func add(_ time: Seconds, _ limiter: Limiter) {
      if time > self.time {
        self.time = time
        self.limiter = limiter
      }
    }
  }
}

/// What limits an operation: a level, an engine, or a fixed time.
///
/// Small, so that sums by limiter are an array.
public struct Limiter: Sendable, Hashable {
  /// 0–7 memory levels, 8 matrix, 9 vector, 10 special, 11 dequantisation, 12 overhead, 13 links.
  var slot: Int

  static let slots = 14
  static let matrix = Limiter(slot: 8)
  static let vector = Limiter(slot: 9)
  static let special = Limiter(slot: 10)
  static let dequantisation = Limiter(slot: 11)
  static let overhead = Limiter(slot: 12)
  /// What links carry.
  public static let link = Limiter(slot: 13)
  static func level(_ position: Int) -> Limiter { Limiter(slot: position) }
}
