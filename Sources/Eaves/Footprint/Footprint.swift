public import Quantities

/// What must be resident, and whether it fits: decided before any time.
public struct Footprint: Sendable, Hashable {
  public var weights: Bytes
  public var kvCache: Bytes
  public var state: Bytes
  /// The largest activations of one operation.
  public var workspace: Bytes
  /// What main memory holds; `nil` where the profile does not say.
  public var capacity: Bytes?
  /// What a flash level behind main memory holds, for weights that are read in place.
  public var flash: Bytes?

  /// A footprint; a capacity that is not given is unknown.
  public init(
    weights: Bytes, kvCache: Bytes, state: Bytes, workspace: Bytes, capacity: Bytes? = nil,
    flash: Bytes? = nil
  ) {
    self.weights = weights
    self.kvCache = kvCache
    self.state = state
    self.workspace = workspace
    self.capacity = capacity
    self.flash = flash
  }

  /// Keeps a share of the layers: their weights, caches and states.
  mutating func keep(_ share: Double) {
    weights = weights * share
    kvCache = kvCache * share
    state = state * share
  }

  /// Everything that must be resident.
  @inlinable
  public var total: Bytes { weights + kvCache + state + workspace }

  /// Whether weights stay in flash because main memory does not hold them beside the rest.
  @inlinable
  public var keepsWeightsInFlash: Bool {
    guard let capacity, let flash else { return false }
    return total > capacity && total - weights <= capacity && weights <= flash
  }

  /// Whether it fits; `nil` where the capacity is unknown.
  @inlinable
  public var fits: Bool? {
    guard let capacity else { return nil }
    return total <= capacity || keepsWeightsInFlash
  }

  /// The largest context whose cache fits beside everything else, up to `limit`; 0 where none does.
  /// - Parameters:
  ///   - limit: the largest context asked for.
  ///   - cache: bytes of the cache of a context.
  /// - Returns: the context, or `nil` where the capacity is unknown.
  public func largestContext(upTo limit: Int, cache: (Int) -> Bytes) -> Int? {
    guard let capacity else { return nil }
    let rest = keepsWeightsInFlash ? state + workspace : weights + state + workspace
    return Self.largest(upTo: limit) { rest + cache($0) <= capacity }
  }

  /// The largest n in 1…limit for which a monotone condition holds; 0 where it never does.
  static func largest(upTo limit: Int, where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = limit
    while low < high {
      let middle = low + (high - low + 1) / 2
      if holds(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
