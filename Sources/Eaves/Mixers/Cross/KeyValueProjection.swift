import Quantities

/// Keys and values without queries, written to a cache: of new tokens for later layers, or of a source.
struct KeyValueProjection: Emitter, Equatable {
  private let hidden: Int
  private let shape: Block.Attention
  private let storage: CacheStorage
  private let rotatesKeys: Bool
  private let key: CompactFormat
  private let value: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(
    hidden: Int, shape: Block.Attention, storage: CacheStorage, rotatesKeys: Bool,
    formats: LayerFormats
  ) {
    self.hidden = hidden
    self.shape = shape
    self.storage = storage
    self.rotatesKeys = rotatesKeys
    key = formats.compact(.key)
    value = formats.compact(.value)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .key)
  }

  /// [T, d] × [d, G·(d_q + d_v)]; 3 lane operations to rotate an element of a key, and 3 to pack an element
  /// where the cache is narrow.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let width = shape.entryWidth
    let keys = shape.kvHeads * shape.headSize
    var work = Work.product(
      m: Double(rows), n: Double(width), k: Double(hidden), precision: precision)
    let changed = (rotatesKeys ? keys : 0) + (storage.recent.expansion != .none ? width : 0)
    work.vector = FLOPs(3 * Double(rows) * Double(changed))
    buffer.append(
      .sourceKeyValue, .matmul(m: Double(rows), n: width, k: hidden, count: 1), work: work
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: hidden, format: activations))
      operation.add(Operand(.weights, rows: keys, columns: hidden, format: key))
      operation.add(Operand(.weights, rows: width - keys, columns: hidden, format: value))
      if shape.hasQKVBias {
        let biased = shape.hasKeyBias ? width : width - keys
        operation.add(Operand(.weights, rows: 1, columns: biased, format: bias))
      }
      operation.add(Operand(.cacheWrite, rows: rows, columns: width, format: storage.recent))
    }
  }
}
