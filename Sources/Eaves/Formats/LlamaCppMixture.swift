/// A llama.cpp file type: which block format each tensor gets.
///
/// Source: `llama_tensor_get_type_impl` in `src/llama-quant.cpp` of ggml-org/llama.cpp; the rules reproduce
/// the bits a weight that llama.cpp publishes for Llama-3.1-8B (tools/quantize/README.md). Norms, biases
/// and the router of a mixture of experts stay f32. What needs an importance matrix is as with one, other types are
/// as without. Not followed: the order of T5's tensors, which goes by text.
struct LlamaCppMixture: Sendable, Hashable {
  let name: String
  let base: NumberFormat
  /// The output head.
  let output: NumberFormat
  /// The embedding table.
  let embedding: NumberFormat
  /// In order; the first that applies wins.
  var exceptions: [Exception]
  /// The same of a Falcon, where that differs.
  var falcon: [Exception]?
  /// Values where fewer than four query heads share one, if those differ.
  var separateValue: NumberFormat?
  /// Stacks of matrices, if they differ: those of experts.
  var stacked: NumberFormat?
  /// Keys, values and attention outputs beside eight experts, whose size hardly shows.
  var besideEightExperts: [TensorRole: NumberFormat] = [:]

  struct Exception: Sendable, Hashable {
    let roles: Set<TensorRole>
    let layers: Layers
    let format: NumberFormat
    /// Whether it applies beside eight experts only.
    var isForEightExperts = false
  }

  /// Which layers an exception is about; i counts from 0, L is the number of layers.
  enum Layers: Sendable, Hashable {
    case all
    /// i < L/8, or i ≥ 7L/8, or (i − L/8) mod 3 = 2.
    case more
    case firstEighth
    case firstSixteenth
    case firstTwo
    case firstFour
    /// L/8 ≤ i < 7L/8.
    case middle

    func contains(_ layer: Int, of count: Int) -> Bool {
      switch self {
      case .all: true
      case .more: layer < count / 8 || layer >= 7 * count / 8 || (layer - count / 8) % 3 == 2
      case .firstEighth: layer < count / 8
      case .firstSixteenth: layer < count / 16
      case .firstTwo: layer < 2
      case .firstFour: layer < 4
      case .middle: layer >= count / 8 && layer < 7 * count / 8
      }
    }
  }

  func format(of tensor: TensorPlace) -> NumberFormat {
    if let kept = tensor.file.kept { return kept }
    let wanted: NumberFormat
    switch tensor.file.role ?? tensor.role {
    case .norm, .bias, .router, .positionEmbedding, .mixerVector: return .f32
    case .head: return outputFormat(tensor)
    // A tied table is the output head as well, and gets its format.
    case .embedding:
      if tensor.isTied { return outputFormat(tensor) }
      wanted = embedding
    default: wanted = layerFormat(tensor)
    }
    return GGMLFormats.fallback(for: wanted, rowLength: tensor.rowLength)
  }

  /// Rows that the base's blocks do not divide make the output Q8_0.
  private func outputFormat(_ tensor: TensorPlace) -> NumberFormat {
    let divides = tensor.rowLength.isMultiple(of: base.blockElements)
    let wanted = divides && !tensor.file.isFalcon ? output : GGMLFormats.named("q8_0") ?? output
    return GGMLFormats.fallback(for: wanted, rowLength: tensor.rowLength)
  }

  private func layerFormat(_ tensor: TensorPlace) -> NumberFormat {
    var role = tensor.file.role ?? tensor.role
    let isExpert = tensor.isExpert && [.gate, .up, .down].contains(role)
    if let stacked, isExpert || tensor.file.isStacked { return stacked }
    if tensor.file.isFused, [.query, .key, .value].contains(role) { role = .value }
    if tensor.experts == 8, let format = besideEightExperts[role] { return format }
    let isRouted = isBelowThreeBits && tensor.experts >= 4
    if role == .value, tensor.sharing < 4, !isRouted, let separateValue { return separateValue }
    let rules = tensor.file.isFalcon ? falcon ?? exceptions : exceptions
    let format =
      rules.first { $0.roles.contains(role) && applies($0, to: tensor, role) }?.format ?? base
    // 80 layers is a 70B model: its values are an eighth of the queries, and get a bit more.
    if role == .value, tensor.layers == 80, tensor.sharing > 1, !isBelowThreeBits,
      ["q3_k", "q4_k"].contains(format.name)
    {
      return GGMLFormats.named("q5_k") ?? format
    }
    return format
  }

  /// Whether a tensor is in the layers of an exception.
  ///
  /// Layers are counted by tensors of the kind; beside experts those of the feed-forward part go by their layer, but
  /// in the smallest i-quants.
  private func applies(_ rule: Exception, to tensor: TensorPlace, _ role: TensorRole) -> Bool {
    if rule.isForEightExperts, tensor.experts != 8 { return false }
    let goesByLayer = role != .value && tensor.experts > 1 && !isBelowThreeBits
    let index = goesByLayer ? tensor.layer : tensor.file.index ?? tensor.layer
    let count = role == .value ? tensor.file.count ?? tensor.layers : tensor.layers
    return rule.layers.contains(index, of: count)
  }

  /// Whether it is one of the smallest i-quants, which have rules of their own.
  var isBelowThreeBits: Bool { base.expansion == .iq && base.bitsPerElement < 3 }

  static func named(_ name: String) -> LlamaCppMixture? { byName[name] }

  static let all: [LlamaCppMixture] = LlamaCppFileTypes.all

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension LlamaCppMixture {
  /// A file of one block format: output Q6_K where the rest is smaller, as llama.cpp writes it.
  init(pure format: NumberFormat) {
    let q6 = GGMLFormats.named("q6_k") ?? format
    let output = format.bitsPerElement < q6.bitsPerElement ? q6 : format
    let isTernary = ["tq1_0", "tq2_0", "q2_0"].contains(format.name)
    self.init(
      name: format.name, base: format, output: output,
      embedding: isTernary ? GGMLFormats.named("q4_k") ?? format : format, exceptions: [])
    let q8 = GGMLFormats.named("q8_0") ?? format
    besideEightExperts = [.key: q8, .value: q8]
  }
}
