import Eaves

/// A pass of what is left of a small transformer through the reference kernels.
///
/// Each layer executes the operations that Eaves emits for its shape: norm with residual addition, queries, keys and
/// values, attention, output, norm, up, ReLU, down.
struct PrunedRun<Scalar: KernelScalar> {
  /// What leaves the last layer: [T, d].
  private(set) var output: [Scalar]
  /// ‖·‖ of what each head of the whole model gives, [layers][heads]; 0 for what was dropped.
  private(set) var headNorms: [[Double]]
  /// ‖·‖ of each neuron's activations, [layers][neurons].
  private(set) var neuronNorms: [[Double]]
  /// ‖x_out − x_in‖ / ‖x_in‖ of each layer's residual stream.
  private(set) var layerChanges: [Double]
  /// What was executed, all layers.
  private(set) var operations: [Operation] = []

  /// - Throws: `KernelError` where a kernel does not run its operation: a fault of ours.
  init(_ model: PrunableModel, _ kept: PrunableModel.Kept, text: [Double]) throws(KernelError) {
    let size = model.size
    headNorms = Array(repeating: Array(repeating: 0, count: size.heads), count: size.layers)
    neuronNorms = Array(repeating: Array(repeating: 0, count: size.neurons), count: size.layers)
    layerChanges = Array(repeating: 0, count: size.layers)
    output = text.map(Scalar.init)
    for layer in kept.layers {
      let before = output.map(\.widened)
      try run(model, layer, kept.heads[layer], kept.neurons[layer])
      layerChanges[layer] = KernelCheck.relativeError(
        of: output.map(\.widened), against: before)
    }
  }

  private mutating func run(
    _ model: PrunableModel, _ index: Int, _ heads: [Int], _ neurons: [Int]
  ) throws(KernelError) {
    let (size, layer) = (model.size, model.layers[index])
    let emitted = try size.operations(heads: heads.count, neurons: neurons.count)
    operations += emitted
    let memory = Memory<Scalar>(emitted)
    let columns = heads.flatMap { head in
      (0..<size.headSize).map { head * size.headSize + $0 }
    }

    var delta = Array(repeating: Scalar.zero, count: output.count)
    let normed = try norm(memory, 0, delta)
    let projected = try memory.buffers(1)
    projected[0].set(normed)
    for (buffer, matrix) in zip(
      projected.with(.weights), [layer.query, layer.key, layer.value])
    {
      buffer.set(matrix.keeping(rows: columns))
    }
    try Matmul.run(projected)

    let attended = try memory.buffers(2)
    let width = columns.count
    let entries = try projected.output()
    for row in 0..<size.tokens {
      for column in 0..<3 * width {
        let value = entries.values[row * 3 * width + column]
        if column < width {
          attended[0].fill(row, column, value)
        } else {
          attended[1].fill(row, column - width, value)
        }
      }
    }
    try AttentionFused.run(
      attended, Causal(), size.step, .tiles(rows: size.tokens, columns: Schedule.tileRows))
    let mixed = try attended.output()
    for (place, head) in heads.enumerated() {
      headNorms[index][head] = mixed.norm(
        columns: place * size.headSize..<(place + 1) * size.headSize)
    }
    let joined = try memory.buffers(3, given: [0: mixed])
    joined.with(.weights)[0].set(layer.output.keeping(columns: columns))
    try Matmul.run(joined)

    delta = try joined.output().values
    let second = try norm(memory, 4, delta)
    let widened = try memory.buffers(5)
    widened[0].set(second)
    widened.with(.weights)[0].set(layer.up.keeping(rows: neurons))
    try Matmul.run(widened)
    let activated = try memory.buffers(6, given: [0: try widened.output()])
    let result = try activated.output()
    for row in 0..<size.tokens {
      for column in 0..<neurons.count {
        result[row, column] = .larger(activated[0][row, column], .zero)
      }
    }
    for (place, neuron) in neurons.enumerated() {
      neuronNorms[index][neuron] = result.norm(columns: place..<place + 1)
    }
    let narrowed = try memory.buffers(7, given: [0: result])
    narrowed.with(.weights)[0].set(layer.down.keeping(columns: neurons))
    try Matmul.run(narrowed)
    // The next norm adds it in Eaves' account; here the stream is wanted between layers.
    output = zip(output, try narrowed.output().values).map { $0 + $1 }
  }

  /// Adds what a part gave to the stream, and returns its rows over their root mean square.
  private mutating func norm(
    _ memory: Memory<Scalar>, _ index: Int, _ delta: [Scalar]
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(index)
    let width = buffers[0].columns
    output = zip(output, delta).map { $0 + $1 }
    return stride(from: 0, to: output.count, by: width).flatMap { start in
      let row = output[start..<start + width]
      let sum = row.reduce(Scalar.zero) { $0 + $1 * $1 }
      let root = Scalar(sum.widened / Double(width) + 1e-6).root
      let scale = Scalar(1 / root.widened)
      return row.map { $0 * scale }
    }
  }
}

extension PrunableModel.Size {
  /// All tokens at once.
  var step: Step { .prefill(tokens) }

  /// A layer of so many heads and neurons, as the emitters of every command describe it.
  func layer(heads: Int, neurons: Int) -> TinyModel {
    var model = TinyModel(
      hidden: hidden, attention: Block.Attention(heads: heads, kvHeads: heads, headSize: headSize))
    model.block.feedForward = Block.FeedForward(size: neurons, isGated: false, activation: .relu)
    return model
  }

  /// The operations of a layer that are executed.
  func operations(heads: Int, neurons: Int) throws(KernelError) -> [Operation] {
    try layer(heads: heads, neurons: neurons).operations(
      step, .attentionNorm, .qkv, .attention, .attentionOutput, .feedForwardNorm, .gateUp,
      .activation, .down)
  }
}

extension Buffer {
  /// Sets all values.
  func set(_ values: [Scalar]) {
    for (place, value) in values.enumerated() { fill(place / columns, place % columns, value) }
  }

  /// Sets all values.
  func set(_ matrix: Matrix<Double>) { set(matrix.elements.map(Scalar.init)) }

  /// The Euclidean norm of some columns.
  func norm(columns part: Range<Int>) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      for column in part {
        let value = values[row * columns + column].widened
        sum += value * value
      }
    }
    return sum.squareRoot()
  }
}

extension Matrix where Scalar == Double {
  /// Some of its rows.
  func keeping(rows chosen: [Int]) -> Matrix {
    Matrix(rows: chosen.count, columns: columns) { elements[chosen[$0] * columns + $1] }
  }

  /// Some of its columns.
  func keeping(columns chosen: [Int]) -> Matrix {
    Matrix(rows: rows, columns: chosen.count) { elements[$0 * columns + chosen[$1]] }
  }
}
