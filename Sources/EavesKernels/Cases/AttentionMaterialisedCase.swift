public import Eaves

/// Scores, softmax and weighted sum in three kernels.
public struct AttentionMaterialisedCase: KernelCase {
  public static let family = "attention-materialised"
  let setting: AttentionSetting

  public var shape: String { setting.label }

  public var operations: [Operation] {
    get throws(KernelError) {
      try setting.operations(.materialised, .scores, .softmax, .weightedSum)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    try AttentionMaterialised.run(in: memory, setting.attention, setting.pattern, setting.step)
      .values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    // Keys of the first product and values of the second, as they lie in the operands.
    let (scored, summed) = (try memory.buffers(0), try memory.buffers(2))
    let visibility = Visibility(setting.pattern, setting.step)
    let (size, width, kvHeads) = (
      setting.headSize, setting.attention.valueHeadSize, setting.kvHeads
    )
    func entries(_ buffers: Buffers<Double>) throws(KernelError) -> EntryRows<Double> {
      try EntryRows(
        cached: buffers.with(.cacheRead), new: buffers.with(.activationRead)[1],
        batch: setting.batch, visibility)
    }
    let (keys, values) = (try entries(scored), try entries(summed))
    let new = setting.new
    return AttentionJob<Double>(
      batch: setting.batch, heads: setting.heads, kvHeads: kvHeads, headSize: size,
      valueHeadSize: width, visibility: visibility,
      query: { scored[0][$0 * new + $1, $2 * size + $3] },
      key: { keys.element($0, $1, $2 * size + $3) },
      value: { values.element($0, $1, $2 * width + $3) }, write: { _, _, _, _, _ in },
      isKept: keys.isKept
    ).definition()
  }

  static let all: [any KernelCase] = [
    AttentionSetting(new: 9), AttentionSetting(batch: 2, headSize: 3, valueHeadSize: 5, new: 6),
    AttentionSetting(batch: 2, heads: 4, kvHeads: 2, new: 5, cached: 4),
    AttentionSetting(new: 1, cached: 13), AttentionSetting(new: 10, pattern: SlidingWindow(4)),
    AttentionSetting(new: 8, pattern: Bidirectional()),
  ].map { AttentionMaterialisedCase(setting: $0) }
}
