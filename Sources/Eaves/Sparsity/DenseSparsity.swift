/// Nothing is left out.
struct DenseSparsity: Sparsity {
  var name: String { Self.technique.name }
  var isLossless: Bool { true }

  static let technique = Technique(
    name: "dense", axis: .sparsity, form: "dense", summary: "Nothing is left out.",
    equation: "bytes = weights·bits/8, FLOPs = 2·weights a token",
    source: "the model as it was published")
}

extension SparsityEntry {
  /// All weights, all products.
  static let dense = SparsityEntry(DenseSparsity.technique) { _ in DenseSparsity() }
}
