/// A layer's cache of experts, driven by a trace of look-ups: what was used longest ago makes room.
///
/// A stamp a slot says when it was last used.
public struct ExpertLRU: Sendable {
  /// Experts that fit.
  public let capacity: Int
  private var stamps: [Int: Int] = [:]
  private var clock = 0

  /// An empty cache of `capacity` experts.
  public init(capacity: Int) { self.capacity = capacity }

  /// Looks an expert up and keeps it.
  /// - Returns: whether it was there.
  public mutating func lookUp(_ expert: Int) -> Bool {
    clock += 1
    let isHit = stamps[expert] != nil
    if !isHit, stamps.count == capacity {
      let oldest = stamps.min { $0.value < $1.value }
      if let oldest { stamps[oldest.key] = nil }
    }
    if capacity > 0 { stamps[expert] = clock }
    return isHit
  }
}
