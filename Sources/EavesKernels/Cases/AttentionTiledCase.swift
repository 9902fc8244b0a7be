public import Eaves

/// FlashAttention-2 forward: tiles with an online softmax, and single queries over runs.
///
/// Eaves predicts exps of pairs and one reciprocal a row. What it has no term for are the exps that rescale a row
/// in each further tile that it reads: N·(Tc − 1) at most (docs/validation.md, "Kernels").
public struct AttentionTiledCase: KernelCase {
  public static let family = "attention-tiled"
  let setting: AttentionSetting

  public var shape: String { setting.label }

  public var operations: [Operation] {
    get throws(KernelError) { try setting.operations(.flash2, .attention) }
  }

  /// Tiles as Eaves counts them: 128 keys, and 128 rows where there are as many.
  private var execution: AttentionFused.Execution {
    let side = Schedule.tileRows
    return setting.new == 1 ? .runs : .tiles(rows: min(side, setting.new), columns: side)
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try AttentionFused.run(buffers, setting.pattern, setting.step, execution)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    try setting.define(try memory.buffers(0))
  }

  public var unpredictedSpecial: Int {
    setting.new == 1 ? 0 : setting.rescalings(columns: Schedule.tileRows)
  }

  static let all: [any KernelCase] = [
    AttentionSetting(new: 9), AttentionSetting(batch: 2, headSize: 3, valueHeadSize: 5, new: 6),
    AttentionSetting(heads: 1, kvHeads: 1, headSize: 2, new: 140, cached: 125),
    AttentionSetting(heads: 1, kvHeads: 1, headSize: 2, new: 130, pattern: Bidirectional()),
    AttentionSetting(new: 3, cached: 20), AttentionSetting(batch: 2, new: 1, cached: 37),
  ].map { AttentionTiledCase(setting: $0) }
}
