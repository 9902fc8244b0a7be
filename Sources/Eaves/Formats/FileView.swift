/// How llama.cpp's quantiser sees a tensor where role and layer do not say it.
///
/// Source: `llama_tensor_get_type_impl`, `tensor_allows_quantization` and `init_quantize_state_counters` in
/// `src/llama-quant.cpp` of ggml-org/llama.cpp.
public struct FileView: Sendable, Hashable {
  /// What its name makes of it; `nil` where its role does.
  public var role: TensorRole?
  /// Its number among the tensors of its kind, in the order of the file, and how many there are; `nil` where
  /// these are layers.
  public var index: Int?
  public var count: Int?
  /// The format of a tensor that is never quantised.
  public var kept: NumberFormat?
  /// Whether it is a stack of matrices, as those of experts are.
  public var isStacked = false
  /// Whether queries, keys and values are one tensor, which is treated as values are.
  public var isFused = false
  /// Whether the model is a Falcon, which has rules of its own.
  public var isFalcon = false

  /// A tensor that is what its role says.
  public init() {}
}

/// A tensor of a mixer as ggml files have it, where those of one role differ in what becomes of them.
public struct FileTensor: Sendable, Hashable {
  /// The role whose elements it is a part of.
  public let role: TensorRole
  /// What its name makes of it; `nil` where its role does.
  public let seenAs: TensorRole?
  /// Elements in a row, and in all.
  public let rowLength: Int
  public let elements: Int
  /// The format of a tensor that is never quantised.
  public let kept: NumberFormat?
  /// Whether it is a stack of matrices, one a head.
  public let isStacked: Bool

  /// A tensor of so many elements.
  public init(
    _ role: TensorRole, as seenAs: TensorRole? = nil, rowLength: Int, elements: Int,
    kept: NumberFormat? = nil, isStacked: Bool = false
  ) {
    self.isStacked = isStacked
    self.role = role
    self.seenAs = seenAs
    self.rowLength = rowLength
    self.elements = elements
    self.kept = kept
  }
}

extension NumberFormat {
  /// One format for tensors of several, with the bits that they take together.
  /// - Parameter parts: formats, and how many elements are in each.
  /// - Returns: the format of all of them; one with their names joined, most bits first, and the expansion of
  ///   the first.
  static func mean(of parts: [(format: NumberFormat, elements: Int)]) -> NumberFormat {
    var sums: [NumberFormat: Int] = [:]
    for part in parts { sums[part.format, default: 0] += part.elements }
    let bits = sums.map { (format: $0.key, bits: Double($0.value) * $0.key.bitsPerElement) }
      .sorted { ($0.bits, $1.format.name) > ($1.bits, $0.format.name) }
    guard let most = bits.first?.format else { return .f32 }
    guard bits.count > 1 else { return most }
    return NumberFormat(
      name: bits.map(\.format.name).joined(separator: "+"),
      blockElements: max(1, sums.values.reduce(0, +)),
      blockBits: bits.reduce(0) { $0 + $1.bits }, expansion: most.expansion,
      multiply: most.multiply)
  }
}
