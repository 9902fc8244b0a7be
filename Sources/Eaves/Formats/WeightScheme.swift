/// Which format each weight tensor of a model is stored in: one for all, or a mixture by rule.
public struct WeightScheme: Sendable, Hashable, CustomStringConvertible {
  /// Canonical text.
  public let name: String
  private let rule: Rule
  /// Tensors that are stored otherwise than the rule says.
  private let overrides: [TensorOverride]

  private enum Rule: Sendable, Hashable {
    /// Everything in one plain format, norms and embeddings too.
    case uniform(NumberFormat)
    /// The linear layers in one format, everything else in another.
    case linear(NumberFormat, rest: NumberFormat)
    /// A llama.cpp file type.
    case mixture(LlamaCppMixture)
    /// As the model was published: one format, and others for some groups of tensors.
    case published(NumberFormat, groups: [TensorGroup: NumberFormat])
    /// As the tensors of a file are stored, one by one.
    case stored(StoredWeights)
  }

  /// Reads a scheme: any number format, or a llama.cpp file type such as `q4_k_m`.
  ///
  /// Plain floating-point formats hold every tensor. ggml formats mean the llama.cpp file of that type
  /// (output Q6_K, norms f32). Other quantised formats hold the linear layers, with embeddings, head and
  /// norms in `rest`, the model's 16-bit format. Behind a colon tensors may have formats of their own:
  /// `q4_k:head=q6_k:down=q5_k`, also over `published`.
  /// - Throws: `FormatError` where the text names neither.
  public init(
    parsing text: String, rest: NumberFormat = .f16, published: WeightScheme? = nil
  ) throws(FormatError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1 else {
      self = try WeightScheme(text, rest: rest)
      return
    }
    let base = try Self.plain(String(parts[0]), rest: rest, published: published)
    overrides = try Self.overrides(Array(parts.dropFirst()), of: text)
    name = ([base.name] + overrides.map(\.name)).joined(separator: ":")
    rule = base.rule
  }

  private static func plain(
    _ text: String, rest: NumberFormat, published: WeightScheme?
  ) throws(FormatError) -> WeightScheme {
    guard text.lowercased() == "published" else { return try WeightScheme(text, rest: rest) }
    return published ?? WeightScheme(published: rest)
  }

  private init(_ text: String, rest: NumberFormat) throws(FormatError) {
    overrides = []
    if let mixture = LlamaCppMixture.named(text.lowercased()) {
      name = mixture.name
      rule = .mixture(mixture)
      return
    }
    let format = try NumberFormat(parsing: text)
    name = format.name
    if GGMLFormats.contains(format) {
      rule = .mixture(LlamaCppMixture(pure: format))
    } else if format.isQuantised {
      rule = .linear(format, rest: rest)
    } else {
      rule = .uniform(format)
    }
  }

  /// The formats a model was published in: `format`, and others for some groups of tensors.
  public init(published format: NumberFormat, groups: [TensorGroup: NumberFormat] = [:]) {
    let others = Set(groups.values.map(\.name)).sorted()
    name = ([format.name] + others).joined(separator: "+")
    rule = .published(format, groups: groups)
    overrides = []
  }

  /// The formats of the tensors of a file, one by one.
  public init(stored weights: StoredWeights) {
    name = weights.name
    rule = .stored(weights)
    overrides = []
  }

  /// Whether formats go by the rules of llama.cpp's file types.
  var isFileType: Bool {
    if case .mixture = rule { return true }
    return false
  }

  /// The format of one tensor.
  public func format(of tensor: TensorPlace) -> NumberFormat {
    for override in overrides.reversed() {
      if let format = override.format(of: tensor) { return format }
    }
    return ruled(tensor)
  }

  private func ruled(_ tensor: TensorPlace) -> NumberFormat {
    switch rule {
    case .uniform(let format): format
    case .linear(let format, let rest): tensor.role.isLinear ? format : rest
    case .mixture(let mixture): mixture.format(of: tensor)
    case .published(let format, let groups):
      TensorGroup(of: tensor).flatMap { groups[$0] } ?? format
    case .stored(let weights): weights.format(of: tensor)
    }
  }

  public var description: String { name }
}
