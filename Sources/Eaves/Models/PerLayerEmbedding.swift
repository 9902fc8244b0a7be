/// A table of small embeddings for every layer, of which a token reads one row, and the projection of its
/// ordinary embedding to them (Gemma 3n).
public struct PerLayerEmbedding: Sendable, Hashable {
  /// Rows of the table.
  public var rows: Int
  /// Width of the input of one layer.
  public var size: Int

  /// A table.
  public init(rows: Int, size: Int) {
    self.rows = rows
    self.size = size
  }
}

/// The inputs of all layers, made at once: a row of the table and a product, added.
struct PerLayerEmbeddingEmitter: Emitter, Equatable {
  let hidden: Int
  let layers: Int
  let embedding: PerLayerEmbedding
  let table: CompactFormat
  let activations: CompactFormat
  /// [T, d] × [d, L·p], its norm and the addition.
  let projection: RowProduct

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows)
    let width = layers * embedding.size
    buffer.append(.perLayerInput, .gather(rows: rows, columns: width), work: Work()) { operation in
      operation.add(
        Operand(
          .weights, rows: 1, columns: width, format: table, touched: rows,
          resident: Double(embedding.rows)))
      operation.add(Operand(.activationWrite, rows: step.rows, columns: width, format: activations))
    }
    projection.emit(step, into: &buffer)
  }
}
