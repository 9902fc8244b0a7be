public import Quantities

/// What a model keeps in memory: parameters and bytes, read off the operations it emits.
///
/// There is no second list of tensors: every weight is an operand of some operation.
public struct Inventory: Sendable {
  /// All parameters.
  public private(set) var parameters: Double = 0
  /// Parameters of the input embedding tables (tokens, positions, segments); 0 for a tied token table.
  public private(set) var inputEmbedding: Double = 0
  /// Parameters of the output head; the table itself where it is tied.
  public private(set) var head: Double = 0
  /// Parameters that one token uses, every embedding and the head counted once.
  public private(set) var active: Double = 0
  /// Bytes of all parameters as stored.
  public private(set) var weightBytes = Bytes.zero

  init(
    before: [any Emitter], groups: [CompiledModel.LayerGroup], after: [any Emitter], model: Model
  ) {
    var buffer = OperationBuffer()
    let step = Step.smallest(for: model.kind)
    for part in before { part.emit(step, into: &buffer) }
    for group in groups {
      buffer.repeats = Double(group.count)
      for part in group.parts { part.emit(step, into: &buffer) }
    }
    buffer.repeats = 1
    for part in after { part.emit(step, into: &buffer) }
    for operation in buffer.operations { add(operation) }
  }

  private mutating func add(_ operation: Operation) {
    for index in 0..<operation.operandCount {
      let operand = operation.operands[index]
      guard operand.role == .weights else { continue }
      let layers = operation.repeats * operation.weightShare
      let elements = layers * operand.residentElements
      parameters += elements
      weightBytes += operand.residentBytes * layers
      switch operation.id {
      case .embedding:
        inputEmbedding += elements
        active += elements
      case .head:
        head += elements
        active += elements
      case .perLayerInput:
        // Counted whole, as every table of embeddings.
        active += elements
      default:
        active += layers * operand.distinctElements
      }
    }
  }

  /// Stored bits a weight over the whole file.
  public var bitsPerWeight: Double { 8 * weightBytes.value / parameters }

  /// Parameters that one token uses, without the input embedding (the convention of gpt-oss); a tied
  /// table counts as the head.
  public var activeWithoutInputEmbedding: Double { active - inputEmbedding }

  /// Parameters that one token uses, without input embedding and head.
  public var activeWithoutEmbeddings: Double { active - inputEmbedding - head }
}
