public import Eaves

/// Softmax attention in three kernels that write scores and weights: FlashAttention, Algorithm 0.
///
/// scores: q [T, H·d_q] × keys [b·(n + S), G·d_q] to [b·H·S, n + S]; softmax: rows of it, masked ones 0; weighted
/// sum: × values [b·(n + S), G·d_v] to [T, H·d_v]. Every pair is executed, those that are not read too.
public enum AttentionMaterialised {
  /// Executes the three operations.
  /// - Returns: the buffer of the result.
  /// - Throws: `KernelError` where operations and buffers do not fit the step.
  public static func run<Scalar: KernelScalar>(
    in memory: Memory<Scalar>, _ shape: Block.Attention, _ pattern: any Pattern, _ step: Step
  ) throws(KernelError) -> Buffer<Scalar> {
    let visibility = Visibility(pattern, step)
    let scored = try memory.buffers(0)
    try score(scored, shape, visibility, step)
    let softened = try memory.buffers(1, given: [0: try scored.output()])
    try soften(softened, shape, visibility, step)
    let summed = try memory.buffers(2, given: [0: try softened.output()])
    try sum(summed, shape, visibility, step)
    return try summed.output()
  }

  /// The first product: every query with every key.
  private static func score<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: Block.Attention, _ visibility: Visibility, _ step: Step
  ) throws(KernelError) {
    let query = try buffers.buffer(0, rows: step.rows, columns: shape.heads * shape.headSize)
    let keys = try entries(buffers, shape.kvHeads * shape.headSize, visibility, step)
    let output = try buffers.output()
    for place in places(step, shape) {
      for position in 0..<visibility.length {
        output[place.row, position] = Scalar.dot(shape.headSize) {
          (
            query[place.token, place.head * shape.headSize + $0],
            keys.element(place.sequence, position, place.shared * shape.headSize + $0)
          )
        }
      }
    }
  }

  /// The softmax of each row: scale, maximum, difference, sum and quotient are the five lane operations of a pair.
  private static func soften<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: Block.Attention, _ visibility: Visibility, _ step: Step
  ) throws(KernelError) {
    let scores = buffers[0]
    let output = try buffers.output()
    let scale = Scalar(1 / Double(shape.headSize).squareRoot())
    for place in places(step, shape) {
      let row = (0..<visibility.length).map { scores[place.row, $0] }
      let keys = visibility.keys[place.token % step.newTokens]
      Counter.current?.pairs += keys.count
      var weights = keys.map { row[$0] * scale }
      var largest = Scalar(-Double.infinity)
      for score in weights { largest = .larger(largest, score) }
      var sum = Scalar.zero
      for index in weights.indices {
        weights[index] = (weights[index] - largest).exponential
        sum = sum + weights[index]
      }
      let divisor = sum.reciprocal
      for position in 0..<visibility.length { output[place.row, position] = .zero }
      for (position, weight) in zip(keys, weights) {
        output[place.row, position] = weight * divisor
      }
    }
  }

  /// The second product: every weight with every value.
  private static func sum<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: Block.Attention, _ visibility: Visibility, _ step: Step
  ) throws(KernelError) {
    let weights = buffers[0]
    let values = try entries(buffers, shape.kvHeads * shape.valueHeadSize, visibility, step)
    let output = try buffers.output()
    for place in places(step, shape) {
      for channel in 0..<shape.valueHeadSize {
        output[place.token, place.head * shape.valueHeadSize + channel] =
          Scalar.dot(visibility.length) {
            (
              weights[place.row, $0],
              values.element(place.sequence, $0, place.shared * shape.valueHeadSize + channel)
            )
          }
      }
    }
  }

  /// A query of a head: its token row, and its row of scores.
  private typealias Place = (sequence: Int, head: Int, shared: Int, token: Int, row: Int)

  private static func places(_ step: Step, _ shape: Block.Attention) -> [Place] {
    (0..<step.rows).flatMap { token in
      (0..<shape.heads).map { head in
        (
          token / step.newTokens, head, head * shape.kvHeads / shape.heads, token,
          token * shape.heads + head
        )
      }
    }
  }

  private static func entries<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ columns: Int, _ visibility: Visibility, _ step: Step
  ) throws(KernelError) -> EntryRows<Scalar> {
    guard let new = buffers.with(.activationRead).dropFirst().first, new.columns == columns else {
      throw .operandMismatch("no new entries of \(columns) columns")
    }
    return try EntryRows(
      cached: buffers.with(.cacheRead), new: new, batch: step.batch, visibility)
  }
}
