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
  /// The share that is guessed before it is known to be needed, and sent while the link is idle.
  ///
  /// What else the step does hides that share of it, as far as it lasts.
  public var guessed: Double

  /// Bytes over a link.
  public init(
    _ peer: Peer, bytes: Bytes, directBytes: Bytes? = nil, messages: Double = 1,
    isPrefetched: Bool = false, guessed: Double = 0
  ) {
    self.peer = peer
    self.bytes = bytes
    self.directBytes = directBytes
    self.messages = messages
    self.isPrefetched = isPrefetched
    self.guessed = guessed
  }
}
