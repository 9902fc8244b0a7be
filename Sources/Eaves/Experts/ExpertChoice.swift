/// Where the experts of a mixture are kept, and how tokens choose among them (`--experts`).
public struct ExpertChoice: Sendable, Hashable {
  /// Which experts of a layer a device keeps.
  public enum Kept: Sendable, Hashable {
    /// All of them.
    case all
    /// None: those that a step touches are fetched.
    case none
    /// None, and all of a layer are fetched, whatever the router says.
    case noneAtAll
    /// So many, those used last.
    case recent(Int)
  }

  /// How tokens choose experts.
  public enum Popularity: Sendable, Hashable {
    /// Each is as likely as another.
    case uniform
    /// The i-th most popular is drawn with a weight of 1/i^s; a token's are distinct.
    case zipf(Double)
    /// As recorded in a file.
    case trace(String)
  }

  public var kept: Kept
  public var popularity: Popularity
  /// Who keeps what the device does not: the host's memory or storage.
  public var peer: LinkUse.Peer
  /// The share of guesses that are right, of experts fetched while earlier layers compute; 0 without guessing.
  public var guessed: Double
  /// What the file of a recorded trace says; a catalogue reads it.
  public var trace: ExpertTrace?

  /// A choice; all experts at hand, each as likely as another, where nothing else is said.
  public init(
    _ kept: Kept = .all, popularity: Popularity = .uniform, peer: LinkUse.Peer = .host,
    guessed: Double = 0
  ) {
    self.kept = kept
    self.popularity = popularity
    self.peer = peer
    self.guessed = guessed
  }

  /// All experts at hand, each as likely as another: what a model without a choice has.
  public var isPlain: Bool { kept == .all && popularity == .uniform }

  /// The path of the trace that it names.
  public var tracePath: String? {
    if case .trace(let path) = popularity { path } else { nil }
  }

  /// Text that parses back to it.
  public var name: String {
    var parts: [String]
    switch kept {
    case .all: parts = ["resident"]
    case .none: parts = ["offload"]
    case .noneAtAll: parts = ["offload", "all"]
    case .recent(let count): parts = ["lru", "\(count)"]
    }
    switch popularity {
    case .uniform: break
    case .zipf(let exponent): parts.append("zipf=\(exponent)")
    case .trace(let path): parts.append("trace=\(path)")
    }
    if peer == .storage { parts.append("to=flash") }
    if guessed > 0 { parts.append("prefetch=\(guessed)") }
    return parts.joined(separator: ":")
  }

  /// Why a model's experts cannot be kept so, and what would make it possible; `nil` where they can.
  func refusal(_ model: Model) -> Refusal? {
    guard !isPlain else { return nil }
    let parts = model.blocks.values.compactMap(\.feedForward).filter { $0.experts > 0 }
    guard let least = parts.map(\.experts).min() else {
      return Refusal("\(model.id) has no experts", remedy: "leave --experts out")
    }
    if case .recent(let count) = kept, count > least {
      return Refusal(
        "\(count) of \(least) experts a layer", remedy: "write lru:\(least) or fewer")
    }
    guard tracePath != nil else { return nil }
    guard let trace else {
      return Refusal("the trace of the experts is not at hand", remedy: "write the path of a file")
    }
    for part in parts {
      if trace.largest >= part.experts {
        return Refusal(
          "the trace names expert \(trace.largest), and \(model.id) has 0 to \(part.experts - 1)",
          remedy: "take a trace of this model")
      }
      if trace.perToken != part.expertsPerToken {
        return Refusal(
          "the trace has \(trace.perToken) experts a token, and \(model.id) \(part.expertsPerToken)",
          remedy: "take a trace of this model")
      }
    }
    return nil
  }
}

/// A recorded trace: the experts of each token, layer by layer.
public struct ExpertTrace: Sendable, Hashable {
  /// By layer, token after token; the experts of a token are distinct.
  public let layers: [[[Int]]]
  /// The largest expert that is named.
  public let largest: Int
  /// Experts of a token.
  public let perToken: Int

  /// A trace of some layers.
  /// - Parameter layers: token after token; `nil` comes back where tokens have different numbers of experts, or none.
  public init?(_ layers: [[[Int]]]) {
    let counts = Set(layers.joined().map(\.count))
    guard counts.count == 1, let count = counts.first, count > 0,
      let largest = layers.joined().joined().max(), layers.allSatisfy({ !$0.isEmpty })
    else { return nil }
    self.layers = layers
    self.largest = largest
    perToken = count
  }
}
