/// Keeps a window of the newest tokens on the chip and the others behind a link, from where each step fetches them.
public struct OffloadCache: CachePolicy {
  /// What lies behind the link.
  public enum Place: String, Sendable, Hashable, CaseIterable {
    case host, flash

    /// Who is at the other end of the link.
    var peer: LinkUse.Peer { self == .host ? .host : .storage }
  }

  /// Tokens that stay on the chip.
  public let window: Int
  public let place: Place
  private let reach: Int

  public var name: String { "offload:\(window)\(place == .host ? "" : ":to=\(place.rawValue)")" }

  /// A window of `window` tokens in a layer whose pattern reads at most `reach`.
  public init(window: Int, to place: Place = .host, reach: Int = .max) {
    self.window = window
    self.place = place
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, reach) }

  public func remote(_ tokens: Int) -> Int { max(0, retained(tokens) - window) }

  public func storage(_ kv: NumberFormat) -> CacheStorage {
    var storage = CacheStorage(kv)
    storage.remotePeer = place.peer
    return storage
  }

  public let hasUpkeep = true

  /// Entries that leave the window are read and sent over the link; a copy engine does it, not a kernel.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let leaving = left(step.cachedTokens + step.newTokens) - left(step.cachedTokens)
    guard leaving > 0 else { return }
    let rows = step.batch * leaving
    buffer.append(
      .cacheUpkeep, .gather(rows: Double(rows), columns: layer.entryWidth), work: Work(launches: 0)
    ) { operation in
      let entries = Operand(
        .cacheRead, rows: rows, columns: layer.entryWidth, format: layer.storage.recent)
      operation.add(entries)
      operation.prefetch(entries.bytes, from: place.peer)
    }
  }

  public func note(_ layer: CacheLayer) -> String? {
    "offload fetches all but the newest \(window) tokens from \(place == .host ? "the host" : "flash") "
      + "in every step, while other layers compute"
  }

  /// Entries that have left the window after `tokens` tokens; none where the pattern reads no further than it.
  private func left(_ tokens: Int) -> Int { reach > window ? max(0, tokens - window) : 0 }
}

extension CacheEntry {
  static let offload = CacheEntry(
    "offload:WINDOW[:to=flash]", example: "offload:4096",
    summary: "Keeps the newest tokens on the chip, the others in the host or in flash.",
    equation: "on the chip = min(n + S, W); (n − W) entries a step over the link",
    conditions: ["The chip has a link, and what lies behind it holds the rest."],
    source: "docs/method.md 2"
  ) { option in
    guard let window = option.count() else { return nil }
    guard let text = option.text("to") else {
      return CacheChoice { OffloadCache(window: window, reach: $0) }
    }
    guard let place = OffloadCache.Place(rawValue: text) else { return nil }
    return CacheChoice { OffloadCache(window: window, to: place, reach: $0) }
  }
}
