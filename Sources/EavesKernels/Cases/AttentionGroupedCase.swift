public import Eaves

/// Grouped-query and multi-query attention: H/G query heads share keys and values.
public struct AttentionGroupedCase: KernelCase {
  public static let family = "attention-grouped"
  let base: AttentionTiledCase

  public var shape: String { base.shape }
  public var operations: [Operation] { get throws(KernelError) { try base.operations } }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] { try base.execute(in: memory) }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    try base.define(from: memory)
  }

  static let all: [any KernelCase] = [
    AttentionSetting(heads: 4, kvHeads: 2, new: 7), AttentionSetting(heads: 6, kvHeads: 1, new: 5),
    AttentionSetting(batch: 2, heads: 4, kvHeads: 2, new: 4, cached: 6),
    AttentionSetting(batch: 2, heads: 8, kvHeads: 2, new: 1, cached: 21),
    AttentionSetting(heads: 8, kvHeads: 1, new: 1, cached: 30),
  ].map { AttentionGroupedCase(base: AttentionTiledCase(setting: $0)) }
}
