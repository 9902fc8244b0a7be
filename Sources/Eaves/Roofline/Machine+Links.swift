public import Quantities

extension Machine {
  /// A way out of the device, as the hot path needs it.
  public struct Port: Sendable {
    /// Its name in the profile.
    public let id: String
    /// Bytes a second in one direction, all links of the kind together.
    public let bandwidth: BytesPerSecond
    /// Time of a message beside its bytes; zero where the profile has none.
    public let latency: Seconds
    /// Whether the profile says how long a message takes.
    public let hasLatency: Bool
    let pace: SecondsPerByte

    func seconds(_ use: LinkUse) -> Seconds {
      let inTurn = use.bytes * pace + latency * use.messages
      guard let direct = use.directBytes else { return inTurn }
      return min(inTurn, direct * pace + latency)
    }

    /// The same without the time of messages: what physics asks for.
    func least(_ use: LinkUse) -> Seconds { use.bytes * pace }
  }

  /// The ports of a chip by `LinkUse.Peer`; `nil` where it has none with a bandwidth.
  struct Ports: Sendable {
    let device: Port?
    let host: Port?
    let storage: Port?

    subscript(peer: LinkUse.Peer) -> Port? {
      switch peer {
      case .device: device
      case .host: host
      case .storage: storage
      }
    }

    init(_ chip: Chip) {
      // Links that are made for other devices come first; without any, devices talk through the host.
      let host = chip.links.filter { Self.hostKinds.contains($0.kind) }
      let between = chip.links.filter { !Self.hostKinds.contains($0.kind) }
      let message = chip.overheads.pointToPoint?.value
      self.host = Self.fastest(host, message: nil)
      device = Self.fastest(between, message: message) ?? self.host
      storage = chip.storage.compactMap { storage in
        storage.bandwidth.map {
          Port(
            id: storage.id, bandwidth: $0.value, latency: storage.latency?.value ?? .zero,
            hasLatency: storage.latency != nil, pace: $0.value.reciprocal)
        }
      }.max { $0.bandwidth < $1.bandwidth }
    }

    private static let hostKinds: Set<String> = ["pcie", "usb", "dma"]

    private static func fastest(_ links: [Link], message: Seconds?) -> Port? {
      links.compactMap { link in
        link.bandwidth.map { bandwidth in
          let latency = link.latency?.value ?? message
          return Port(
            id: link.id, bandwidth: bandwidth.value, latency: latency ?? .zero,
            hasLatency: latency != nil, pace: bandwidth.value.reciprocal)
        }
      }.max { $0.bandwidth < $1.bandwidth }
    }
  }

  /// Bytes that main memory reads at once; 0 where the profile does not say.
  var granularity: Double { levels[main].granularity }

  /// The way to another device, to the host or to storage.
  public func port(to peer: LinkUse.Peer) -> Port? { ports[peer] }
}
