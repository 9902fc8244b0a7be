public import Quantities

/// Softmax attention with any head sharing (MHA, GQA, MQA), pattern, cache policy and schedule.
///
/// Counts: docs/method.md 1. Shapes: T = b·S rows, H query heads, G key-value heads,
/// widths d_q and d_v.
public struct SoftmaxAttention: TokenMixer {
  let hidden: Int
  let shape: Block.Attention
  let pattern: any Pattern
  let cache: any CachePolicy
  let schedule: Schedule
  let rotatesQueries: Bool
  let keepsCache: Bool

  private let query: CompactFormat
  private let key: CompactFormat
  private let value: CompactFormat
  private let output: CompactFormat
  private let bias: CompactFormat
  private let norm: CompactFormat
  private let activations: CompactFormat
  private let kv: CompactFormat
  private let projectionPrecision: MultiplyPrecision
  private let outputPrecision: MultiplyPrecision
  private let productPrecision: MultiplyPrecision

  /// Attention of one kind of layer.
  public init(
    hidden: Int, shape: Block.Attention, pattern: any Pattern, cache: any CachePolicy,
    schedule: Schedule, rotatesQueries: Bool, keepsCache: Bool, formats: LayerFormats
  ) {
    self.hidden = hidden
    self.shape = shape
    self.pattern = pattern
    self.cache = cache
    self.schedule = schedule
    self.rotatesQueries = rotatesQueries
    self.keepsCache = keepsCache
    query = formats.compact(.query)
    key = formats.compact(.key)
    value = formats.compact(.value)
    output = formats.compact(.attentionOutput)
    bias = formats.compact(.bias)
    norm = formats.compact(.norm)
    activations = CompactFormat(formats.activations)
    kv = CompactFormat(keepsCache ? formats.kv : formats.activations)
    projectionPrecision = formats.precision(with: .query)
    outputPrecision = formats.precision(with: .attentionOutput)
    productPrecision = formats.precision.precision(
      weights: formats.kv.isQuantised ? formats.activations : formats.kv,
      activations: formats.activations)
  }

  private var queryWidth: Int { shape.heads * shape.headSize }
  private var outputWidth: Int { shape.heads * shape.valueHeadSize }
  /// Elements that one token adds to the cache of one layer: G·(d_q + d_v).
  private var entryWidth: Int { shape.kvHeads * (shape.headSize + shape.valueHeadSize) }

  public func cacheBytes(tokens: Int) -> Bytes {
    guard keepsCache else { return .zero }
    return Bytes(Double(cache.retained(tokens)) * Double(entryWidth) * kv.bytesPerElement)
  }

  public var stateBytes: Bytes { .zero }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    emitProjections(step, into: &buffer)
    emitRotary(step, into: &buffer)
    switch schedule {
    case .materialised: emitMaterialised(step, into: &buffer)
    case .flash1, .flash2: emitFused(step, into: &buffer)
    }
    emitOutput(step, into: &buffer)
  }

  /// [T, d] × [d, H·d_q + G·(d_q + d_v)].
  private func emitProjections(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let width = queryWidth + entryWidth
    var operation = Operation(
      .qkv, .matmul(m: Double(rows), n: width, k: hidden, count: 1),
      work: .product(
        m: Double(rows), n: Double(width), k: Double(hidden), precision: projectionPrecision),
      repeats: buffer.repeats)
    operation.add(Operand(.activationRead, rows: rows, columns: hidden, format: activations))
    operation.add(Operand(.weights, rows: queryWidth, columns: hidden, format: query))
    operation.add(
      Operand(.weights, rows: shape.kvHeads * shape.headSize, columns: hidden, format: key))
    operation.add(
      Operand(.weights, rows: shape.kvHeads * shape.valueHeadSize, columns: hidden, format: value))
    if shape.hasQKVBias {
      operation.add(Operand(.weights, rows: 1, columns: width, format: bias))
    }
    operation.add(Operand(.activationWrite, rows: rows, columns: width, format: activations))
    buffer.append(operation)
  }

  /// Norms and rotation of queries and keys, and the write of the new tokens' keys and values.
  private func emitRotary(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let rotated = Double(rows) * Double((shape.heads + shape.kvHeads) * shape.headSize)
    var vector = rotatesQueries ? 3 * rotated : 0
    var special = 0.0
    if shape.qkNorm != .none {
      vector += 4 * rotated
      special = Double(rows) * Double(shape.heads + shape.kvHeads)
    }
    if kv.expansion != .none {
      vector += 3 * Double(rows) * Double(entryWidth)
    }
    var operation = Operation(
      .rotary, .pointwise(elements: rotated), work: Work(vector: vector, special: special),
      repeats: buffer.repeats)
    operation.add(
      Operand(.activationRead, rows: rows, columns: queryWidth + entryWidth, format: activations))
    switch shape.qkNorm {
    case .none: break
    case .head:
      operation.add(Operand(.weights, rows: 2, columns: shape.headSize, format: norm))
    case .full:
      operation.add(
        Operand(
          .weights, rows: 1, columns: (shape.heads + shape.kvHeads) * shape.headSize,
          format: norm))
    }
    operation.add(Operand(.activationWrite, rows: rows, columns: queryWidth, format: activations))
    operation.add(
      Operand(
        keepsCache ? .cacheWrite : .activationWrite, rows: rows, columns: entryWidth, format: kv))
    buffer.append(operation)
  }

  /// One kernel: scores, softmax and weighted sum without writing them.
  private func emitFused(_ step: Step, into buffer: inout OperationBuffer) {
    let size = AttentionSize(step, shape, pattern, schedule)
    var operation = Operation(
      .attention, .attention(size.kernel), work: size.fusedWork(precision: productPrecision),
      repeats: buffer.repeats)
    operation.add(
      Operand(.activationRead, rows: step.rows, columns: queryWidth, format: activations))
    addKeysAndValues(step, columns: entryWidth, to: &operation)
    if shape.hasSinks {
      operation.add(Operand(.weights, rows: 1, columns: shape.heads, format: bias))
    }
    operation.add(
      Operand(.activationWrite, rows: step.rows, columns: outputWidth, format: activations))
    buffer.append(operation)
  }

  /// Three kernels; scores [b·H·S, n + S] go through memory.
  private func emitMaterialised(_ step: Step, into buffer: inout OperationBuffer) {
    let size = AttentionSize(step, shape, pattern, schedule)
    let rows = step.rows * shape.heads
    let scores = Operand(.activationRead, rows: rows, columns: size.length, format: activations)
    var written = scores
    written.role = .activationWrite

    var product = Operation(
      .scores, size.product(columns: size.length, depth: shape.headSize),
      work: size.productWork(width: shape.headSize, precision: productPrecision),
      repeats: buffer.repeats)
    product.add(Operand(.activationRead, rows: step.rows, columns: queryWidth, format: activations))
    addKeysAndValues(step, columns: shape.kvHeads * shape.headSize, to: &product)
    product.add(written)
    buffer.append(product)

    var softmax = Operation(
      .softmax, .reduction(rows: Double(rows), columns: size.length),
      work: Work(vector: 5 * size.headPairs, special: size.headPairs + Double(rows)),
      repeats: buffer.repeats)
    softmax.add(scores)
    if shape.hasSinks {
      softmax.add(Operand(.weights, rows: 1, columns: shape.heads, format: bias))
    }
    softmax.add(written)
    buffer.append(softmax)

    var sum = Operation(
      .weightedSum, size.product(columns: shape.valueHeadSize, depth: size.length),
      work: size.productWork(width: shape.valueHeadSize, precision: productPrecision),
      repeats: buffer.repeats)
    sum.add(scores)
    addKeysAndValues(step, columns: shape.kvHeads * shape.valueHeadSize, to: &sum)
    sum.add(Operand(.activationWrite, rows: step.rows, columns: outputWidth, format: activations))
    buffer.append(sum)
  }

  /// Keys and values that are read: of earlier tokens from the cache, of new ones from the activations.
  private func addKeysAndValues(_ step: Step, columns: Int, to operation: inout Operation) {
    let cached = pattern.cachedKeysRead(step)
    if cached > 0 {
      operation.add(
        Operand(.cacheRead, rows: step.batch * cached, columns: columns, format: kv))
    }
    operation.add(Operand(.activationRead, rows: step.rows, columns: columns, format: kv))
  }

  /// [T, H·d_v] × [H·d_v, d].
  private func emitOutput(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    var operation = Operation(
      .attentionOutput, .matmul(m: Double(rows), n: hidden, k: outputWidth, count: 1),
      work: .product(
        m: Double(rows), n: Double(hidden), k: Double(outputWidth), precision: outputPrecision),
      repeats: buffer.repeats)
    operation.add(Operand(.activationRead, rows: rows, columns: outputWidth, format: activations))
    operation.add(Operand(.weights, rows: hidden, columns: outputWidth, format: output))
    if shape.hasOutputBias {
      operation.add(Operand(.weights, rows: 1, columns: hidden, format: bias))
    }
    operation.add(Operand(.activationWrite, rows: rows, columns: hidden, format: activations))
    buffer.append(operation)
  }
}
