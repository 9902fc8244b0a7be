import Quantities

extension KernelModel {
  /// A recurrence: of channels alone, of channels with a few states each, or of matrices.
  func scan(_ operation: Operation) -> KernelParts? {
    guard case .scan(let steps, let width) = operation.kind,
      let state = operation.operand(.state), let input = operation.operand(.activationRead)
    else { return nil }
    if operation.work.matrix > .zero {
      return chunks(steps: steps, rows: Double(input.rows), state, input).map {
        KernelParts($0, .none)
      }
    }
    let time: Double?
    if state.rows > 1 {
      // A row a channel: the states of the channel are its columns.
      let channels = width / Double(state.columns)
      time = pair(.scanChannel, .scanState).map { steps * (channels * $0.0 + width * $0.1) }
    } else if input.columns == 3 * state.columns {
      time = self(.gatedChannel).map { steps * width * $0 }
    } else {
      time = self(.matrixState).map { steps * width * $0 }
    }
    return time.map { KernelParts(KernelTime(inCore: $0), overlap(.lanes)) }
  }

  private func pair(_ first: KernelPiece, _ second: KernelPiece) -> (Double, Double)? {
    self(first).flatMap { first in self(second).map { (first, $0) } }
  }

  /// Linear attention in chunks of C tokens: scores inside the chunk, what the state gives, what the chunk gives, and
  /// what it adds to the state; heads as wide in keys as in values.
  private func chunks(
    steps: Double, rows: Double, _ state: Operand, _ input: Operand
  ) -> KernelTime? {
    // A head has d² elements of state (and d of a normaliser), and reads three vectors of d.
    let width = (3 * Double(state.columns) / Double(input.columns)).rounded(.down)
    let heads = Double(input.columns) / (3 * max(1, width))
    let tokens = rows / steps
    let count = heads * steps
    let sizes = [
      ProductSize(
        rows: tokens, columns: tokens, depth: width, count: count, isSum: false,
        pitch: 2 * heads * width),
      ProductSize(rows: tokens, columns: width, depth: width, count: count, isSum: true),
      ProductSize(
        rows: tokens, columns: width, depth: tokens, count: count, isSum: true,
        pitch: heads * width),
      ProductSize(
        rows: width, columns: width, depth: tokens, count: count, isSum: true,
        pitch: heads * width),
    ]
    guard let rescaled = self(.rescaledElement) else { return nil }
    var time = KernelTime(inCore: 2 * rows * heads * width * rescaled)
    for size in sizes {
      guard let product = dense(size) else { return nil }
      time += product
    }
    return time
  }
}

extension Operation {
  /// The first operand with a role.
  fileprivate func operand(_ role: Operand.Role) -> Operand? {
    for slot in 0..<operandCount where operands[slot].role == role { return operands[slot] }
    return nil
  }
}
