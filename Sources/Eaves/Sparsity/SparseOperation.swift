import Quantities

extension Operation {
  /// Products of layers with matrices that pruning and quantisation are about: no embeddings, head, router or filters.
  static let layerProducts: Set<ID> = [
    .qkv, .attentionOutput, .gateUp, .down, .mixerInput, .mixerInner, .mixerOutput, .adapter,
    .latentQuery, .latentKeyValue, .latentExpansion, .latentAbsorption, .sourceKeyValue,
    .outputGate, .residualPath,
  ]

  /// Whether it is a product with matrices of a layer.
  var isLayerProduct: Bool {
    guard Self.layerProducts.contains(id), case .matmul = kind else { return false }
    return bytes[.weights] > .zero
  }

  /// The length of the rows of its matrices (k).
  var depth: Int? {
    if case .matmul(_, _, let k, _) = kind { k } else { nil }
  }

  /// Says that only a share of its matrix work is needed; the rest is executed all the same, or not.
  mutating func needOnly(_ share: Double, isExecuted: Bool) {
    work.matrix = work.matrix * share
    if !isExecuted { work.executedMatrix = work.executedMatrix * share }
  }

  /// Replaces the matrices among its weights, biases and norms left alone.
  mutating func mapMatrices(_ body: (Operand) -> Operand) {
    mapWeights { $0.rows > 1 ? body($0) : $0 }
  }
}

extension Operand {
  /// The same tensor in so many bits an element.
  func stored(bits: Double, expansion: NumberFormat.Expansion) -> Operand {
    Operand(
      role, rows: rows, columns: columns,
      format: CompactFormat(bytesPerElement: bits / 8, expansion: expansion), touched: touched,
      resident: resident, distinct: distinct)
  }

  /// Half the elements, each with two bits of index.
  func twoOfFour(isExpanded: Bool) -> Operand {
    // Placing values is a look-up, as codebooks are.
    let expanded = isExpanded ? NumberFormat.Expansion.iq : expansion
    return Operand(
      role, rows: rows, columns: columns / 2,
      format: CompactFormat(bytesPerElement: bytesPerElement + 0.25, expansion: expanded),
      touched: touched, resident: resident, distinct: distinct)
  }

  /// The same tensor, all kept, of which a share of the rows is read.
  func reading(_ share: Double) -> Operand {
    Operand(
      role, rows: rows, columns: columns,
      format: CompactFormat(bytesPerElement: bytesPerElement, expansion: expansion),
      touched: touched * share, resident: resident, distinct: distinct * share)
  }
}

/// A part of layers whose products are changed as the model's sparsity says.
struct PrunedPart: Emitter {
  let part: any Emitter
  let sparsity: any Sparsity
  let rates: SparseRates

  var dependsOnContext: Bool { part.dependsOnContext }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let first = buffer.count
    part.emit(step, into: &buffer)
    buffer.change(from: first) { operation in
      if operation.isLayerProduct { sparsity.change(&operation, rates) }
    }
  }

  /// Parts of one model, which has one sparsity.
  func isSame(as other: any Emitter) -> Bool {
    (other as? PrunedPart).map { part.isSame(as: $0.part) } ?? false
  }
}
