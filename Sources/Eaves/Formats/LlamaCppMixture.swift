/// A llama.cpp file type: which block format each tensor gets.
///
/// Source: techniques.md 7.2. The rules reproduce the bits a weight that llama.cpp publishes for
/// Llama-3.1-8B (tools/quantize/README.md); the placement tensor by tensor is inferred from the totals.
/// Norms and biases stay f32, the router of a mixture of experts too (recalled).
struct LlamaCppMixture: Sendable, Hashable {
  let name: String
  let base: NumberFormat
  /// The output head.
  let output: NumberFormat
  /// The embedding table.
  let embedding: NumberFormat
  /// In order; the first that applies wins.
  let exceptions: [Exception]

  struct Exception: Sendable, Hashable {
    let roles: Set<TensorRole>
    let layers: Layers
    let format: NumberFormat
  }

  /// Which layers an exception is about; i counts from 0, L is the number of layers.
  enum Layers: Sendable, Hashable {
    case all
    /// i < L/8, or i ≥ 7L/8, or (i − L/8) mod 3 = 2.
    case more
    case firstEighth
    case firstSixteenth
    case firstTwo
    /// L/8 ≤ i < 7L/8.
    case middle

    func contains(_ layer: Int, of count: Int) -> Bool {
      switch self {
      case .all: true
      case .more: layer < count / 8 || layer >= 7 * count / 8 || (layer - count / 8) % 3 == 2
      case .firstEighth: layer < count / 8
      case .firstSixteenth: layer < count / 16
      case .firstTwo: layer < 2
      case .middle: layer >= count / 8 && layer < 7 * count / 8
      }
    }
  }

  func format(of tensor: TensorPlace) -> NumberFormat {
    let wanted: NumberFormat
    switch tensor.role {
    case .norm, .bias, .router, .positionEmbedding: return .f32
    case .head: wanted = output
    // A tied table is the output head as well, and gets its format.
    case .embedding: wanted = tensor.isTied ? output : embedding
    default:
      wanted =
        exceptions.first {
          $0.roles.contains(tensor.role) && $0.layers.contains(tensor.layer, of: tensor.layers)
        }?.format ?? base
    }
    return GGMLFormats.fallback(for: wanted, rowLength: tensor.rowLength)
  }

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
    self.init(
      name: format.name, base: format, output: output, embedding: format, exceptions: [])
  }
}
