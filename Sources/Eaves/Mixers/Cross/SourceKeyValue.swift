import Quantities

/// Keys and values of a source, made in the step that reads it.
struct SourceKeyValue: Emitter, Equatable {
  private let hidden: Int
  private let shape: Block.Attention
  private let storage: CacheStorage
  private let key: CompactFormat
  private let value: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, shape: Block.Attention, storage: CacheStorage, formats: LayerFormats) {
    self.hidden = hidden
    self.shape = shape
    self.storage = storage
    key = formats.compact(.key)
    value = formats.compact(.value)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .key)
  }

  /// [b·source, d] × [d, G·(d_q + d_v)]; 3 lane operations to pack an element where the cache is narrow.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    guard step.encodesSource else { return }
    let rows = step.batch * step.sourceTokens
    let width = shape.entryWidth
    var work = Work.product(
      m: Double(rows), n: Double(width), k: Double(hidden), precision: precision)
    if storage.recent.expansion != .none {
      work.vector = FLOPs(3 * Double(rows) * Double(width))
    }
    buffer.append(
      .sourceKeyValue, .matmul(m: Double(rows), n: width, k: hidden, count: 1), work: work
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: hidden, format: activations))
      let keys = shape.kvHeads * shape.headSize
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
