/// Closed forms of ring attention: devices pass blocks of keys and values around while they compute.
///
/// Source: Ring Attention, section 3; docs/validation.md.
public struct RingAttentionArithmetic: Sendable, Hashable {
  /// Query heads (H) and key-value heads (G).
  public var heads: Double
  public var kvHeads: Double
  /// Bytes of an element.
  public var elementBytes: Double

  /// Head sharing and the size of an element; one head each stands for multi-head attention.
  public init(heads: Double = 1, kvHeads: Double = 1, elementBytes: Double = 2) {
    self.heads = heads
    self.kvHeads = kvHeads
    self.elementBytes = elementBytes
  }

  /// Seconds that a step computes on a block: 4c²·H·d FLOPs.
  public func computeTime(block: Double, headSize: Double, rate: Double) -> Double {
    4 * block * block * heads * headSize / rate
  }

  /// Seconds that a step sends a block of keys and values: 2c·G·d elements.
  public func sendTime(block: Double, headSize: Double, link: Double) -> Double {
    2 * block * kvHeads * headSize * elementBytes / link
  }

  /// Tokens of the smallest block whose computing hides its sending: F·bytes·G / (2·B·H).
  /// - Parameters:
  ///   - rate: FLOP/s of a device (F).
  ///   - link: bytes a second to the next device, in one direction (B).
  /// - Returns: tokens, not rounded.
  public func smallestBlock(rate: Double, link: Double) -> Double {
    rate * elementBytes * kvHeads / (2 * link * heads)
  }

  /// Elements that a layer holds on a device: queries and output, and keys and values that are in use and that
  /// are coming in: (2 + 4G/H)·b·c·d, which is 6bcd for multi-head attention.
  public func residentElements(batch: Double, block: Double, hidden: Double) -> Double {
    (2 + 4 * kvHeads / heads) * batch * block * hidden
  }
}
