/// The embedding tables: one row a token is read, never the whole table.
struct EmbeddingEmitter: Emitter, Equatable {
  let width: Int
  let vocabulary: Int
  /// Whether another part owns the table: the output head, or the embedding of the decoder.
  let isOwnedByHead: Bool
  let positionRows: Int
  let tokenTypes: Int
  let table: CompactFormat
  let positions: CompactFormat
  let activations: CompactFormat

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows)
    buffer.append(
      .embedding, .gather(rows: rows, columns: width),
      work: Work(vector: positionRows + tokenTypes > 0 ? rows * Double(width) : 0)
    ) { operation in
      operation.add(
        Operand(
          .weights, rows: 1, columns: width, format: table, touched: rows,
          resident: isOwnedByHead ? 0 : Double(vocabulary)))
      if positionRows > 0 {
        operation.add(
          Operand(
            .weights, rows: 1, columns: width, format: positions,
            touched: Double(step.newTokens), resident: Double(positionRows)))
      }
      if tokenTypes > 0 {
        operation.add(
          Operand(
            .weights, rows: 1, columns: width, format: positions,
            touched: min(rows, Double(tokenTypes)),
            resident: Double(tokenTypes)))
      }
      operation.add(Operand(.activationWrite, rows: step.rows, columns: width, format: activations))
    }
  }
}
