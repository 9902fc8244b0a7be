/// The counts of softmax attention in one layer and step, shared by its schedules.
struct AttentionSize {
  /// Keys of one sequence, read or not: cached and new tokens, n + S, or those of a source.
  let length: Int
  /// Useful pairs over all sequences and heads: b·H·P.
  let headPairs: Double
  /// Pairs executed in whole tiles over all sequences and heads.
  let executedHeadPairs: Double
  /// Lane operations between the products: 5 a pair, and one more where a bias is added to each score.
  let softmaxLanes: Double
  let kernel: AttentionShape
  private let width: Double

  init(
    _ step: Step, _ shape: Block.Attention, _ counts: PatternCounts, _ schedule: Schedule,
    length: Int
  ) {
    let heads = Double(step.batch) * Double(shape.heads)
    self.length = length
    headPairs = heads * counts.pairs
    softmaxLanes = (shape.hasPositionBias ? 6 : 5) * headPairs
    switch schedule {
    case .materialised:
      executedHeadPairs = heads * Double(step.newTokens) * Double(length)
    case .flash1, .flash2, .splitKV:
      executedHeadPairs = heads * counts.executedPairs
    }
    width = Double(shape.headSize + shape.valueHeadSize)
    kernel = AttentionShape(
      batch: Double(step.batch), heads: Double(shape.heads), kvHeads: Double(shape.kvHeads),
      queries: Double(step.newTokens), keys: Double(counts.span),
      headSize: Double(shape.headSize), valueHeadSize: Double(shape.valueHeadSize),
      schedule: schedule)
  }

  /// 2·(d_q + d_v) FLOPs and one exp a pair, 5 lane operations a pair, one division an output element
  /// (docs/method.md 1; FlashAttention-2 divides once, FlashAttention once a key block).
  func fusedWork(precision: MultiplyPrecision) -> Work {
    let rows = kernel.batch * kernel.heads * kernel.queries
    let rescales =
      kernel.schedule == .flash1 ? max(1, kernel.keys / Double(Schedule.tileRows)) : 1
    return Work(
      multiplyAdds: width * headPairs, executed: width * executedHeadPairs, precision: precision,
      vector: softmaxLanes + rows * kernel.valueHeadSize * rescales,
      special: headPairs + rows)
  }

  /// One of the two products of the materialised schedule.
  func product(columns: Int, depth: Int) -> Operation.Kind {
    .matmul(
      m: kernel.queries, n: columns, k: depth, count: kernel.batch * kernel.heads)
  }

  func productWork(width: Int, precision: MultiplyPrecision) -> Work {
    Work(
      multiplyAdds: Double(width) * headPairs, executed: Double(width) * executedHeadPairs,
      precision: precision)
  }
}

extension Work {
  /// A dense product (m × k)(k × n), `count` times.
  static func product(
    m: Double, n: Double, k: Double, count: Double = 1, precision: MultiplyPrecision
  ) -> Work {
    Work(multiplyAdds: m * n * k * count, precision: precision)
  }
}
