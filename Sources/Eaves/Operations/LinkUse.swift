public import Quantities

/// What an operation sends over a link, and to whom.
public struct LinkUse: Sendable, Hashable {
  /// Who is at the other end.
  public enum Peer: UInt8, Sendable, Hashable, CaseIterable {
    /// Another device of the same kind.
    case device
    /// The host's memory.
    case host
    /// Storage behind main memory.
    case storage
  }

  public var peer: Peer
  /// In the direction that carries more.
  public var bytes: Bytes
  /// Messages one after the other, each with the link's latency.
  public var messages: Double
  /// Bytes where everything is sent to every other device at once, in one message; `nil` where that is no way.
  ///
  /// Short sums are faster so, long ones in a ring.
  public var directBytes: Bytes?
  /// Whether the next layer's bytes come while this one computes: only what the whole step does not hide
  /// is waited for.
  public var isPrefetched: Bool

  /// Bytes over a link.
  public init(
    _ peer: Peer, bytes: Bytes, directBytes: Bytes? = nil, messages: Double = 1,
    isPrefetched: Bool = false
  ) {
    self.peer = peer
    self.bytes = bytes
    self.directBytes = directBytes
    self.messages = messages
    self.isPrefetched = isPrefetched
  }
}
