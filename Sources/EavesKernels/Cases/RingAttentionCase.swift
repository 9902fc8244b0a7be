public import Eaves

/// Ring attention: the same result as attention on one device.
///
/// Not predicted: the exps that rescale a row for each further block, and two for each partial result that is merged.
public struct RingAttentionCase: KernelCase {
  public static let family = "ring-attention"
  let setting: AttentionSetting
  let devices: Int

  public var shape: String { "\(devices) devices \(setting.label)" }

  public var operations: [Operation] {
    get throws(KernelError) { try setting.operations(.flash2, .attention) }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    _ = try run(buffers)
    return try buffers.output().values
  }

  /// Runs it.
  /// - Returns: elements that a device sends.
  func run<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) throws(KernelError) -> Int {
    let visibility = Visibility(setting.pattern, setting.step)
    return try AttentionFused.job(buffers, visibility, batch: setting.batch)
      .runRing(devices: devices)
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    try setting.define(try memory.buffers(0))
  }

  public var unpredictedSpecial: Int {
    let rows = setting.batch * setting.heads * setting.new
    return rows * (devices - 1) * (setting.new == 1 ? 2 : 1)
  }

  static let all: [any KernelCase] = [
    // 128 tokens fill tiles of 128, so that what is executed is what blocks of a ring execute.
    RingAttentionCase(
      setting: AttentionSetting(
        heads: 2, kvHeads: 1, headSize: 2, new: 128, pattern: Bidirectional()), devices: 4),
    RingAttentionCase(
      setting: AttentionSetting(batch: 2, heads: 4, kvHeads: 2, new: 1, cached: 23), devices: 3),
  ]
}
