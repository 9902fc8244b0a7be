/// Sizes of a model that are others than those of its file: one candidate of an architecture search.
///
/// Written behind the model's name, `llama-3.2-1b:layers=12:hidden_size=1536`: every count and every byte follows
/// from the new shapes, as it does for a model of its own.
public struct ShapeChange: Sendable, Hashable {
  /// A size that can be changed, by its name in model files.
  public enum Size: String, Sendable, CaseIterable {
    case layers
    case hiddenSize = "hidden_size"
    case heads
    case kvHeads = "kv_heads"
    case headSize = "head_size"
    case feedForwardSize = "feed_forward_size"
    case experts
    case expertsPerToken = "experts_per_token"
    case vocabulary

    /// What can be asked for.
    public var range: ClosedRange<Int> {
      switch self {
      case .layers: ModelLimits.layers
      case .hiddenSize, .headSize, .feedForwardSize: ModelLimits.widths
      case .heads, .kvHeads, .experts, .expertsPerToken: ModelLimits.heads
      case .vocabulary: ModelLimits.rows
      }
    }
  }

  /// The sizes that change.
  public var sizes: [Size: Int]

  /// A change of some sizes.
  public init(_ sizes: [Size: Int]) { self.sizes = sizes }

  /// Text that parses back to it: `layers=12:heads=16`.
  public var name: String {
    Size.allCases.compactMap { size in sizes[size].map { "\(size.rawValue)=\($0)" } }
      .joined(separator: ":")
  }

  /// Splits a model's name from the sizes behind it, which begin at the first part with an equals sign.
  /// - Parameter text: what the user wrote.
  /// - Returns: the name and the parts behind it; `nil` where there are none.
  public static func split(_ text: String) -> (name: String, parts: [Substring])? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.firstIndex(where: { $0.contains("=") }), first > 0 else { return nil }
    return (parts[..<first].joined(separator: ":"), Array(parts[first...]))
  }

  /// Reads `size=count` parts.
  /// - Throws: `Refusal` at the first that is none.
  public init(parsing parts: [Substring]) throws(Refusal) {
    sizes = [:]
    for part in parts {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2, let size = Size(rawValue: String(words[0])) else {
        throw Refusal(
          "\"\(part)\" is no size of a model",
          remedy: "write \(Size.allCases.map { "\($0.rawValue)=" }.joined(separator: ", "))")
      }
      guard sizes[size] == nil else {
        throw Refusal("\(size.rawValue) stands twice", remedy: "write it once")
      }
      sizes[size] = try Self.count(String(words[1]), of: size)
    }
  }

  /// Reads a count of a size.
  /// - Throws: `Refusal` where it is none.
  public static func count(_ text: String, of size: Size) throws(Refusal) -> Int {
    guard let count = TokenCount.parse(text), size.range.contains(count) else {
      throw Refusal(
        "\(size.rawValue)=\(text) is no size",
        remedy: "write a whole number from \(size.range.lowerBound) to \(size.range.upperBound)")
    }
    return count
  }
}

extension ShapeChange {
  /// The model with other sizes; layers are those of the original in turn, as many as are asked for.
  /// - Returns: the model; with a `refusal` where its parts do not go with the sizes.
  public func applied(to original: Model) -> Model {
    var model = original
    model.id = "\(original.id):\(name)"
    model.name = "\(original.name), \(name)"
    model.aliases = []
    model.checks = Model.Checks()
    model.refusal = refusal(of: original)
    guard model.refusal == nil else { return model }
    model.notes.append("sizes are not those of \(original.id): \(name)")
    if let count = sizes[.layers] {
      model.layers = (0..<count).map { original.layers[$0 % original.layers.count] }
    }
    model.hiddenSize = sizes[.hiddenSize] ?? model.hiddenSize
    model.vocabulary = sizes[.vocabulary] ?? model.vocabulary
    for (key, block) in model.blocks {
      var block = block
      if var attention = block.attention {
        attention.heads = sizes[.heads] ?? attention.heads
        attention.kvHeads = sizes[.kvHeads] ?? attention.kvHeads
        if let size = sizes[.headSize] {
          attention.headSize = size
          attention.valueHeadSize = size
        }
        block.attention = attention
      }
      if var part = block.feedForward {
        part.size = sizes[.feedForwardSize] ?? part.size
        if part.experts > 0 {
          part.experts = sizes[.experts] ?? part.experts
          part.expertsPerToken = sizes[.expertsPerToken] ?? part.expertsPerToken
        }
        block.feedForward = part
      }
      model.blocks[key] = block
    }
    model.refusal = Self.contradiction(in: model)
    return model
  }

  /// Why a model cannot have other sizes.
  private func refusal(of model: Model) -> Refusal? {
    if model.stored != nil {
      return Refusal(
        "\(model.id) is read from its weights, which have their sizes",
        remedy: "name a shipped model or a config.json")
    }
    let blocks = Array(model.blocks.values)
    let isPlain = blocks.allSatisfy { $0.mixers.isEmpty && $0.attention?.sharesCache != true }
    guard model.kind == .decoder || model.kind == .encoder, isPlain, model.image == nil else {
      return Refusal(
        "layers of \(model.id) have other parts than softmax attention and feed-forward",
        remedy: "choose a plain transformer, or write a model file")
    }
    let hasExperts = blocks.contains { ($0.feedForward?.experts ?? 0) > 0 }
    if !hasExperts, sizes[.experts] != nil || sizes[.expertsPerToken] != nil {
      return Refusal("\(model.id) has no experts", remedy: "leave experts out")
    }
    return nil
  }

  /// Why sizes do not go together.
  private static func contradiction(in model: Model) -> Refusal? {
    for block in model.blocks.values {
      if let attention = block.attention, !attention.heads.isMultiple(of: attention.kvHeads) {
        return Refusal(
          "\(model.id): \(attention.heads) heads cannot share \(attention.kvHeads) evenly",
          remedy: "write kv_heads that divide heads")
      }
      if let attention = block.attention, model.position == .rotary,
        !attention.headSize.isMultiple(of: 2)
      {
        return Refusal(
          "\(model.id): rotary positions turn pairs, and a head has \(attention.headSize)",
          remedy: "write an even head_size")
      }
      if let part = block.feedForward, part.experts > 0, part.expertsPerToken > part.experts {
        return Refusal(
          "\(model.id): \(part.expertsPerToken) of \(part.experts) experts cannot be used",
          remedy: "write fewer experts_per_token")
      }
    }
    return nil
  }
}
