import Quantities

/// A mixture of experts: a router, the experts that the tokens of a step touch, and a shared part.
///
/// The distinct experts grow with the tokens: E·(1 − (1 − k/E)^T) under uniform routing (docs/method.md 1),
/// so the advantage of few active parameters belongs to batch 1.
public struct MixtureOfExperts: Emitter, Equatable {
  let hidden: Int
  let shape: Block.FeedForward
  private let gateUp: GateUp
  private let down: Down
  /// What every token uses, where there is such a part.
  private let shared: DenseFeedForward?
  private let router: CompactFormat
  private let activations: CompactFormat
  private let bias: CompactFormat
  private let routerPrecision: MultiplyPrecision

  /// The experts of one kind of layer; `shared` are the formats of what every token uses.
  public init(
    hidden: Int, shape: Block.FeedForward, experts: LayerFormats, shared: LayerFormats
  ) {
    self.hidden = hidden
    self.shape = shape
    gateUp = GateUp(hidden: hidden, width: shape.size, shape: shape, formats: experts)
    down = Down(hidden: hidden, width: shape.size, shape: shape, formats: experts)
    var dense = shape
    dense.size = shape.sharedSize
    self.shared =
      shape.sharedSize > 0
      ? DenseFeedForward(hidden: hidden, shape: dense, formats: shared) : nil
    activations = CompactFormat(experts.activations)
    router = shared.compact(.router)
    bias = shared.compact(.bias)
    routerPrecision = shared.precision(with: .router)
  }

  /// The expected number of distinct experts that `tokens` tokens touch.
  public static func distinctExperts(_ experts: Int, perToken: Int, tokens: Int) -> Double {
    // One token touches what it uses, to the last expert.
    if tokens == 1 { return Double(perToken) }
    let missed = power(1 - Double(perToken) / Double(experts), tokens)
    return Double(experts) * (1 - missed)
  }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let devices = Double(shape.expertDevices)
    let touched =
      Self.distinctExperts(
        shape.experts, perToken: shape.expertsPerToken, tokens: step.rowsOfAllDevices) / devices
    emit(step, touched: touched, resident: Double(shape.experts) / devices, into: &buffer)
  }

  /// The operations where a device touches so many distinct experts, and keeps so many.
  @inline(__always)
  func emit(
    _ step: Step, touched: Double, resident: Double, into buffer: inout OperationBuffer
  ) {
    let rows = step.rows
    // The gate of the shared part is one more column: a sigmoid, and a product with what the part gives.
    let gates = shape.hasSharedGate ? 1 : 0
    let columns = shape.experts + gates
    buffer.append(
      .router, .matmul(m: Double(rows), n: columns, k: hidden, count: 1),
      work: .product(
        m: Double(rows), n: Double(columns), k: Double(hidden), precision: routerPrecision)
    ) { operation in
      operation.work.vector = FLOPs(
        Double(rows) * (4 * Double(shape.experts) + Double(gates * hidden)))
      operation.work.special = FLOPs(Double(rows) * Double(columns))
      operation.add(
        Operand(.activationRead, rows: rows, columns: hidden, format: activations))
      operation.add(Operand(.weights, rows: columns, columns: hidden, format: router))
      if shape.routerHasBias {
        operation.add(Operand(.weights, rows: 1, columns: shape.experts, format: bias))
      }
      operation.add(
        Operand(.activationWrite, rows: rows, columns: columns, format: activations))
    }

    // Each device has an equal share of the experts, and so of the rows of all devices.
    let all = step.rowsOfAllDevices
    let devices = Double(shape.expertDevices)
    let routed = FeedForwardStep(
      tokens: rows, rows: Double(all * shape.expertsPerToken) / devices,
      touched: touched, resident: resident)
    gateUp.emit(routed, into: &buffer)
    down.emit(routed, into: &buffer)
    shared?.emit(step, into: &buffer)
  }

  /// Bytes of the matrices of one expert.
  var bytesOfOneExpert: Bytes {
    var buffer = OperationBuffer()
    let one = FeedForwardStep(tokens: 1, rows: 1, touched: 1, resident: 1)
    gateUp.emit(one, into: &buffer)
    down.emit(one, into: &buffer)
    return buffer.operations.reduce(.zero) { $0 + $1.bytes[.weights] }
  }

  /// `base` to a whole power, by squaring.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
