/// The layer that sorts images: [b, d] × [d, classes] and a bias, over the class token or the mean of all
/// positions.
struct ClassifierEmitter: Emitter, Equatable {
  private let shape: Classifier
  private let width: Int
  private let positions: Int
  private let weights: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(
    _ shape: Classifier, width: Int, positions: Int, weights: NumberFormat, bias: NumberFormat,
    _ choices: ModelChoices
  ) {
    self.shape = shape
    self.width = width
    self.positions = positions
    self.weights = CompactFormat(weights)
    self.bias = CompactFormat(bias)
    activations = CompactFormat(choices.activations)
    precision = choices.precision.precision(weights: weights, activations: choices.activations)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let images = step.batch
    if shape.pooling == .mean { emitMean(images, into: &buffer) }
    buffer.append(
      .head, .matmul(m: Double(images), n: shape.classes, k: width, count: 1),
      work: .product(
        m: Double(images), n: Double(shape.classes), k: Double(width), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: images, columns: width, format: activations))
      operation.add(Operand(.weights, rows: shape.classes, columns: width, format: weights))
      operation.add(Operand(.weights, rows: 1, columns: shape.classes, format: bias))
      operation.add(
        Operand(.stepOutput, rows: images, columns: shape.classes, format: activations))
    }
  }

  /// One addition an element, over all positions of each image.
  private func emitMean(_ images: Int, into buffer: inout OperationBuffer) {
    let rows = images * positions
    buffer.append(
      .pooler, .reduction(rows: Double(rows), columns: width),
      work: Work(vector: Double(rows) * Double(width))
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: width, format: activations))
      operation.add(Operand(.activationWrite, rows: images, columns: width, format: activations))
    }
  }
}
