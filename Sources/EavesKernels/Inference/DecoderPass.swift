public import Eaves

/// A pass of a dense decoder over a text, on OpenBLAS: every operation that Eaves emits for it, executed.
///
/// Norm, queries with keys and values, rotation, attention, output, norm, gate with up, SiLU, down; then the norm and
/// the head of the rows whose logits are wanted (Touvron and others 2023, "LLaMA", section 2.2). Sizes of products
/// are those of the operations.
public struct DecoderPass {
  let setting: Setting
  let weights: DecoderWeights
  private let attention: Block.Attention
  private let neurons: Int
  /// Multiply-adds of every product so far.
  public private(set) var multiplyAdds = 0.0
  /// ‖·‖ of what heads and neurons gave: [layers][heads], [layers][neurons]; empty where it is not asked for.
  private(set) var headNorms: [[Double]] = []
  private(set) var neuronNorms: [[Double]] = []
  /// ‖x_out − x_in‖ / ‖x_in‖ of each layer's residual stream.
  private(set) var layerChanges: [Double] = []
  private let isTraced: Bool

  /// Rows whose logits are formed at once.
  private static let logitRows = 64

  /// A pass of weights that fit the shapes.
  /// - Throws: `KernelError` where the model is no dense decoder of one kind of layer, or vectors have other lengths.
  public init(
    _ setting: Setting, _ weights: DecoderWeights, isTraced: Bool = false
  ) throws(KernelError) {
    guard let name = setting.model.layers.first, let block = setting.model.blocks[name],
      let attention = block.attention, let part = block.feedForward, part.isGated
    else { throw .notEmitted("\(setting.model.id) is no dense decoder") }
    guard attention.valueHeadSize == attention.headSize,
      attention.heads.isMultiple(of: attention.kvHeads)
    else { throw .notEmitted("\(setting.model.id) has heads that are not executed here") }
    try weights.require(setting.model.hiddenSize, attention)
    self.setting = setting
    self.weights = weights
    self.attention = attention
    self.isTraced = isTraced
    neurons = part.size
  }

  /// The operations of a pass, attention in three, all in float32.
  public func operations(tokens: Int, logits: Int) throws(KernelError) -> [Operation] {
    guard let scheme = try? WeightScheme(parsing: "f32") else { throw .notEmitted("f32") }
    var model = setting.model
    model.layers = Array(model.layers.prefix(weights.layers.count))
    let compiled = CompiledModel(
      model,
      ModelChoices(
        weights: scheme, kv: .f32, activations: .f32, pattern: setting.pattern,
        schedule: .materialised))
    var buffer = OperationBuffer()
    var step = Step.prefill(tokens)
    step.logitTokens = logits
    compiled.emit(step, into: &buffer)
    return buffer.operations
  }

  /// Reads a text and forms the logits of some of its tokens.
  /// - Parameters:
  ///   - tokens: numbers of tokens of the vocabulary.
  ///   - wanted: the places whose logits are formed.
  ///   - body: is given them, a few rows of V at a time, with the place of the first.
  /// - Throws: `KernelError` where weights do not fit the operations.
  public mutating func run(
    _ tokens: [Int], wanted: Range<Int>,
    _ body: (_ first: Int, _ rows: [UnsafeMutableBufferPointer<Float>]) -> Void
  ) throws(KernelError) {
    let operations = try operations(tokens: tokens.count, logits: wanted.count)
    let stream = FloatRows(tokens.count, weights.embedding.columns)
    for (row, token) in tokens.enumerated() {
      guard (0..<weights.embedding.rows).contains(token) else {
        throw .operandMismatch("token \(token) of \(weights.embedding.rows)")
      }
      let start = token * stream.columns
      stream.set(Array(weights.embedding.elements[start..<start + stream.columns]), row, from: 0)
    }
    headNorms = []
    neuronNorms = []
    layerChanges = []
    for layer in weights.layers { try run(layer, operations, stream) }
    let normed = FloatRows(wanted.count, stream.columns)
    for row in 0..<wanted.count {
      norm(stream[wanted.lowerBound + row], weights.finalNorm, into: normed[row])
    }
    let head = weights.head ?? weights.embedding
    let shape = try Self.shape(.head, operations)
    guard shape.m == wanted.count, shape.n == head.rows, shape.k == head.columns else {
      throw .operandMismatch("a head of \(head.rows)×\(head.columns)")
    }
    let logits = FloatRows(Self.logitRows, head.rows)
    for first in stride(from: 0, to: wanted.count, by: Self.logitRows) {
      let count = min(Self.logitRows, wanted.count - first)
      multiply(normed[first], rows: count, head, into: logits)
      body(
        wanted.lowerBound + first,
        (0..<count).map { UnsafeMutableBufferPointer(start: logits[$0], count: head.rows) })
    }
  }

  private mutating func run(
    _ layer: DecoderWeights.Layer, _ operations: [Operation], _ stream: FloatRows
  ) throws(KernelError) {
    let before = isTraced ? stream.values(0, 0..<stream.rows * stream.columns) : []
    let normed = FloatRows(stream.rows, stream.columns)
    for row in 0..<stream.rows { norm(stream[row], layer.attentionNorm, into: normed[row]) }
    let projected = try product(
      .qkv, operations, normed, [layer.query, layer.key, layer.value])
    prepare(projected, layer)
    let attended = FloatRows(stream.rows, attention.heads * attention.headSize)
    var kernel = DecoderAttention(
      attention, tokens: stream.rows, setting.cache, setting.rotary, pattern: setting.pattern)
    try kernel.run(projected, into: attended)
    multiplyAdds += kernel.multiplyAdds
    stream.add(try product(.attentionOutput, operations, attended, [layer.output]))

    for row in 0..<stream.rows { norm(stream[row], layer.feedForwardNorm, into: normed[row]) }
    let widened = try product(.gateUp, operations, normed, [layer.gate, layer.up])
    let activated = FloatRows(stream.rows, neurons)
    for row in 0..<stream.rows { activate(widened[row], into: activated[row]) }
    stream.add(try product(.down, operations, activated, [layer.down]))
    guard isTraced else { return }
    layerChanges.append(
      KernelCheck.relativeError(
        of: stream.values(0, 0..<before.count).map(Double.init), against: before.map(Double.init)))
    let width = attention.headSize
    headNorms.append(
      (0..<attention.heads).map { head in
        let columns = head * width..<(head + 1) * width
        return attended.norm(columns) * layer.output.norm(ofColumns: columns)
      })
    neuronNorms.append(
      (0..<neurons).map { neuron in
        activated.norm(neuron..<neuron + 1) * layer.down.norm(ofColumns: neuron..<neuron + 1)
      })
  }

  /// Biases, norms of heads, rotation.
  private func prepare(_ rows: FloatRows, _ layer: DecoderWeights.Layer) {
    let width = attention.headSize
    let turned = attention.heads + attention.kvHeads
    for row in 0..<rows.rows {
      for (column, bias) in layer.qkvBias.enumerated() { rows[row][column] += bias }
      for head in 0..<turned {
        let scale = head < attention.heads ? layer.queryNorm : layer.keyNorm
        let start = rows[row] + head * width
        if !scale.isEmpty { norm(start, scale, into: start) }
      }
    }
    setting.rotary.turn(rows: rows, heads: turned)
  }

  /// SiLU(gate)·up of one token; the smallest results are left out where that is asked for.
  private func activate(
    _ input: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>
  ) {
    if neurons.isMultiple(of: 16) {
      LaneGates.silu(input, into: output, rows: 1, width: neurons)
    } else {
      for index in 0..<neurons {
        let gate = input[index]
        output[index] = gate / (1 + LaneSoftmax.exp(-gate)) * input[neurons + index]
      }
    }
    guard let share = setting.keptNeurons else { return }
    let kept = Int((share * Double(neurons)).rounded())
    let order = (0..<neurons).sorted { output[$0].magnitude > output[$1].magnitude }
    for index in order.dropFirst(kept) { output[index] = 0 }
  }

  /// x / √(mean of squares + ε) times a vector.
  private func norm(
    _ row: UnsafeMutablePointer<Float>, _ scale: [Float],
    into result: UnsafeMutablePointer<Float>
  ) {
    var sum = 0.0
    for index in scale.indices { sum += Double(row[index]) * Double(row[index]) }
    let factor = Float(1 / (sum / Double(scale.count) + Double(setting.epsilon)).squareRoot())
    for index in scale.indices { result[index] = row[index] * factor * scale[index] }
  }

  private static func shape(
    _ id: Operation.ID, _ operations: [Operation]
  ) throws(KernelError) -> ProductShape {
    guard let operation = operations.first(where: { $0.id == id }) else {
      throw .notEmitted(id.name)
    }
    return try ProductShape(operation)
  }

  private mutating func product(
    _ id: Operation.ID, _ operations: [Operation], _ x: FloatRows, _ weights: [Matrix<Float>]
  ) throws(KernelError) -> FloatRows {
    let shape = try Self.shape(id, operations)
    let columns = weights.reduce(0) { $0 + $1.rows }
    guard x.rows == shape.m, x.columns == shape.k, columns == shape.n,
      weights.allSatisfy({ $0.columns == shape.k })
    else {
      throw .operandMismatch(
        "\(id.name): x is \(x.rows)×\(x.columns), \(columns) rows of weights")
    }
    let y = FloatRows(shape.m, shape.n)
    var column = 0
    for matrix in weights {
      multiply(x[0], rows: shape.m, matrix, into: y, from: column)
      column += matrix.rows
    }
    return y
  }

  private mutating func multiply(
    _ x: UnsafeMutablePointer<Float>, rows: Int, _ w: Matrix<Float>, into y: FloatRows,
    from column: Int = 0
  ) {
    w.elements.withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress else { return }
      BLAS.gemm(
        m: rows, n: w.rows, k: w.columns, .init(x, w.columns), .init(start, w.columns),
        isTransposed: true, into: y[0] + column, y.columns)
    }
    multiplyAdds += Double(rows) * Double(w.rows) * Double(w.columns)
  }
}
