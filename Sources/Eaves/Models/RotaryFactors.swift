/// The table of frequency factors that rotary positions of a long context are scaled by: read once a pass.
struct RotaryFactors: Emitter, Equatable {
  let count: Int

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    buffer.append(
      .rotary, .pointwise(elements: Double(count)), work: Work(launches: 0)
    ) { operation in
      operation.add(Operand(.weights, rows: 1, columns: count, format: CompactFormat(.f32)))
    }
  }
}
