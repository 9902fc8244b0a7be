/// A dense feed-forward part: gate and up, nonlinearity, down (docs/method.md 1).
public struct DenseFeedForward: Emitter, Equatable {
  private let gateUp: GateUp
  private let down: Down

  /// The feed-forward part of one kind of layer.
  public init(hidden: Int, shape: Block.FeedForward, formats: LayerFormats) {
    gateUp = GateUp(hidden: hidden, width: shape.size, shape: shape, formats: formats)
    down = Down(hidden: hidden, width: shape.size, shape: shape, formats: formats)
  }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    gateUp.emit(step, into: &buffer)
    down.emit(step, into: &buffer)
  }

  public var parts: [any Emitter] { [gateUp, down] }
}

/// Which rows a feed-forward part computes, and of how many copies of its matrices.
struct FeedForwardStep {
  /// Rows that enter and leave: T.
  let tokens: Int
  /// Rows that are computed over all copies: T·k over experts, T for a dense part.
  let rows: Double
  /// How many copies of the matrices are read, and how many are kept.
  let touched: Double
  let resident: Double

  /// Rows that one copy computes.
  var perCopy: Double { rows / touched }

  /// A dense part: one copy, every row.
  static func dense(_ step: Step) -> FeedForwardStep {
    FeedForwardStep(tokens: step.rows, rows: Double(step.rows), touched: 1, resident: 1)
  }
}

/// [T, d] × [d, F], twice where it is gated, and the nonlinearity; for dense parts and experts.
struct GateUp: Emitter, Equatable {
  private let hidden: Int
  private let width: Int
  private let shape: Block.FeedForward
  private let hasBias: Bool
  private let gate: CompactFormat
  private let up: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, width: Int, shape: Block.FeedForward, formats: LayerFormats) {
    self.hidden = hidden
    self.width = width
    self.shape = shape
    hasBias = shape.hasBias && shape.hasInnerBias
    gate = formats.compact(.gate)
    up = formats.compact(.up)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .up)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    emit(.dense(step), into: &buffer)
  }

  func emit(_ step: FeedForwardStep, into buffer: inout OperationBuffer) {
    let inner = shape.isGated ? 2 * width : width
    buffer.append(
      .gateUp, .matmul(m: step.perCopy, n: inner, k: hidden, count: step.touched),
      work: .product(
        m: step.perCopy, n: Double(inner), k: Double(hidden), count: step.touched,
        precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.tokens, columns: hidden, format: activations))
      if shape.isGated {
        operation.add(
          Operand(
            .weights, rows: width, columns: hidden, format: gate, touched: step.touched,
            resident: step.resident))
      }
      operation.add(
        Operand(
          .weights, rows: width, columns: hidden, format: up, touched: step.touched,
          resident: step.resident))
      if hasBias {
        operation.add(
          Operand(
            .weights, rows: 1, columns: inner, format: bias, touched: step.touched,
            resident: step.resident))
      }
      operation.add(
        Operand(.activationWrite, rows: 1, columns: inner, format: activations, touched: step.rows))
    }

    let elements = step.rows * Double(width)
    let cost = shape.activation.cost(gated: shape.isGated)
    buffer.append(
      .activation, .pointwise(elements: elements),
      work: Work(vector: cost.vector * elements, special: cost.special * elements)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: 1, columns: inner, format: activations, touched: step.rows))
      operation.add(
        Operand(.activationWrite, rows: 1, columns: width, format: activations, touched: step.rows))
    }
  }
}

/// [T, F] × [F, d]; for dense parts and experts.
struct Down: Emitter, Equatable {
  private let hidden: Int
  private let width: Int
  private let hasBias: Bool
  private let weights: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, width: Int, shape: Block.FeedForward, formats: LayerFormats) {
    self.hidden = hidden
    self.width = width
    hasBias = shape.hasBias
    weights = formats.compact(.down)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .down)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    emit(.dense(step), into: &buffer)
  }

  func emit(_ step: FeedForwardStep, into buffer: inout OperationBuffer) {
    buffer.append(
      .down, .matmul(m: step.perCopy, n: hidden, k: width, count: step.touched),
      work: .product(
        m: step.perCopy, n: Double(hidden), k: Double(width), count: step.touched,
        precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: 1, columns: width, format: activations, touched: step.rows))
      operation.add(
        Operand(
          .weights, rows: hidden, columns: width, format: weights, touched: step.touched,
          resident: step.resident))
      if hasBias {
        operation.add(
          Operand(
            .weights, rows: 1, columns: hidden, format: bias, touched: step.touched,
            resident: step.resident))
      }
      operation.add(
        Operand(.activationWrite, rows: step.tokens, columns: hidden, format: activations))
    }
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
