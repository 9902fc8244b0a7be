public import Eaves
import EavesBlocks

/// Attention over a cache that is quantised: Q8_0, Q4_0, and KIVI with its unpacked newest tokens.
///
/// The definition attends to the same rounded keys and values; what rounding itself costs is no error of the kernel.
public struct KVQuantisationCase: KernelCase {
  public static let family = "kv-quantisation"
  let setting: AttentionSetting
  let storage: QuantisedRows.Storage

  public var shape: String { "\(setting.kv?.name ?? setting.cache.name) \(setting.label)" }

  public var operations: [Operation] {
    get throws(KernelError) { try setting.operations(.flash2, .attention) }
  }

  /// Rounds what is packed of the cache.
  /// - Returns: the bytes that it takes.
  func pack<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) throws(KernelError) -> Double {
    guard let packed = buffers.with(.cacheRead).first else { return 0 }
    let bits = try QuantisedRows.round(
      packed, as: storage, keyColumns: setting.kvHeads * setting.headSize,
      tokens: packed.rows / setting.batch)
    return Double(bits) / 8
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    _ = try pack(buffers)
    try AttentionFused.run(buffers, setting.pattern, setting.step, .runs)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    _ = try pack(buffers)
    return try setting.define(buffers)
  }

  /// The storages by the words of a configuration.
  static let all: [any KernelCase] = [
    ("q8_0", .blocks(.q8_0)), ("q4_0", .blocks(.q4_0)), ("kivi:2", .kivi(bits: 2)),
    ("kivi:4", .kivi(bits: 4)),
  ].compactMap { (word: String, storage: QuantisedRows.Storage) -> (any KernelCase)? in
    var setting = AttentionSetting(batch: 2, heads: 4, kvHeads: 2, headSize: 16, new: 1)
    if word.hasPrefix("kivi") {
      // 128 of them stay as they are.
      setting.cached = 192
      guard let cache = CachePolicyList.parse(word) else { return nil }
      setting.cache = cache
    } else {
      setting.cached = 40
      guard let format = try? NumberFormat(parsing: word) else { return nil }
      setting.kv = format
    }
    return KVQuantisationCase(setting: setting, storage: storage)
  }
}
