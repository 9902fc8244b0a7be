/// A dense feed-forward part: gate and up, nonlinearity, down (docs/method.md 1).
public struct DenseFeedForward: Emitter {
  let hidden: Int
  let shape: Block.FeedForward
  private let formats: FeedForwardFormats

  /// The feed-forward part of one kind of layer.
  public init(hidden: Int, shape: Block.FeedForward, formats: LayerFormats) {
    self.hidden = hidden
    self.shape = shape
    self.formats = FeedForwardFormats(formats)
  }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    formats.emit(
      shape, width: shape.size, hidden: hidden, tokenRows: step.rows, rows: Double(step.rows),
      touched: 1, resident: 1, into: &buffer)
  }
}

/// What dense parts and experts share: three operations, `touched` copies of the matrices.
struct FeedForwardFormats: Sendable {
  let gate: CompactFormat
  let up: CompactFormat
  let down: CompactFormat
  let bias: CompactFormat
  let activations: CompactFormat
  let precision: MultiplyPrecision
  let downPrecision: MultiplyPrecision

  init(_ formats: LayerFormats) {
    gate = formats.compact(.gate)
    up = formats.compact(.up)
    down = formats.compact(.down)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .up)
    downPrecision = formats.precision(with: .down)
  }

  /// - Parameters:
  ///   - shape: the nonlinearity, gating and biases.
  ///   - width: F.
  ///   - hidden: d.
  ///   - tokenRows: T, rows that enter and leave.
  ///   - rows: T·k rows that are computed over all experts; T for a dense part.
  ///   - touched: how many copies of the matrices are read.
  ///   - resident: how many copies are kept.
  ///   - buffer: receives the operations.
  func emit(
    _ shape: Block.FeedForward, width: Int, hidden: Int, tokenRows: Int, rows: Double,
    touched: Double, resident: Double, into buffer: inout OperationBuffer
  ) {
    let inner = shape.isGated ? 2 * width : width
    let perCopy = rows / touched
    var gateUp = Operation(
      .gateUp, .matmul(m: perCopy, n: inner, k: hidden, count: touched),
      work: .product(
        m: perCopy, n: Double(inner), k: Double(hidden), count: touched, precision: precision),
      repeats: buffer.repeats)
    gateUp.add(Operand(.activationRead, rows: tokenRows, columns: hidden, format: activations))
    if shape.isGated {
      gateUp.add(
        Operand(
          .weights, rows: width, columns: hidden, format: gate, touched: touched,
          resident: resident))
    }
    gateUp.add(
      Operand(
        .weights, rows: width, columns: hidden, format: up, touched: touched, resident: resident))
    if shape.hasBias {
      gateUp.add(
        Operand(
          .weights, rows: 1, columns: inner, format: bias, touched: touched, resident: resident))
    }
    gateUp.add(
      Operand(.activationWrite, rows: 1, columns: inner, format: activations, touched: rows))
    buffer.append(gateUp)

    let elements = rows * Double(width)
    let cost = shape.activation.cost(gated: shape.isGated)
    var activation = Operation(
      .activation, .pointwise(elements: elements),
      work: Work(vector: cost.vector * elements, special: cost.special * elements),
      repeats: buffer.repeats)
    activation.add(
      Operand(.activationRead, rows: 1, columns: inner, format: activations, touched: rows))
    activation.add(
      Operand(.activationWrite, rows: 1, columns: width, format: activations, touched: rows))
    buffer.append(activation)

    var contraction = Operation(
      .down, .matmul(m: perCopy, n: hidden, k: width, count: touched),
      work: .product(
        m: perCopy, n: Double(hidden), k: Double(width), count: touched, precision: downPrecision),
      repeats: buffer.repeats)
    contraction.add(
      Operand(.activationRead, rows: 1, columns: width, format: activations, touched: rows))
    contraction.add(
      Operand(
        .weights, rows: hidden, columns: width, format: down, touched: touched,
        resident: resident))
    if shape.hasBias {
      contraction.add(
        Operand(
          .weights, rows: 1, columns: hidden, format: bias, touched: touched, resident: resident))
    }
    contraction.add(
      Operand(.activationWrite, rows: tokenRows, columns: hidden, format: activations))
    buffer.append(contraction)
  }
}

extension Block.FeedForward.Activation {
  /// Lane and special operations an element (docs/method.md 1): SwiGLU 3 and exp + reciprocal, GeGLU 3
  /// and tanh; GELU alone 8 and tanh; ReLU 1, its square 2, and one more for the gate.
  func cost(gated: Bool) -> (vector: Double, special: Double) {
    switch (self, gated) {
    case (.silu, true): (3, 2)
    case (.silu, false): (1, 2)
    case (.gelu, true): (3, 1)
    case (.gelu, false): (8, 1)
    case (.relu, let gated): (gated ? 2 : 1, 0)
    case (.reluSquared, let gated): (gated ? 3 : 2, 0)
    }
  }
}
