/// Rows of position and segment tables, added to rows that are there already.
struct PositionEmitter: Emitter, Equatable {
  let width: Int
  let positionRows: Int
  let tokenTypes: Int
  let table: CompactFormat
  let activations: CompactFormat

  /// One addition an element and table.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows)
    let tables = (positionRows > 0 ? 1 : 0) + (tokenTypes > 0 ? 1 : 0)
    buffer.append(
      .embedding, .gather(rows: rows, columns: width),
      work: Work(vector: Double(tables) * rows * Double(width))
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: width, format: activations))
      if positionRows > 0 {
        operation.add(
          Operand(
            .weights, rows: 1, columns: width, format: table,
            touched: Double(step.newTokens), resident: Double(positionRows)))
      }
      if tokenTypes > 0 {
        operation.add(
          Operand(
            .weights, rows: 1, columns: width, format: table,
            touched: min(rows, Double(tokenTypes)), resident: Double(tokenTypes)))
      }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: width, format: activations))
    }
  }
}
