import Quantities

/// A mixture of experts: a router, the experts that the tokens of a step touch, and a shared part.
///
/// The distinct experts grow with the tokens: E·(1 − (1 − k/E)^T) under uniform routing (docs/method.md 1),
/// so the advantage of few active parameters belongs to batch 1.
public struct MixtureOfExperts: Emitter {
  let hidden: Int
  let shape: Block.FeedForward
  private let experts: FeedForwardFormats
  private let shared: FeedForwardFormats
  private let router: CompactFormat
  private let bias: CompactFormat
  private let routerPrecision: MultiplyPrecision

  /// The experts of one kind of layer; `shared` are the formats of what every token uses.
  public init(
    hidden: Int, shape: Block.FeedForward, experts: LayerFormats, shared: LayerFormats
  ) {
    self.hidden = hidden
    self.shape = shape
    self.experts = FeedForwardFormats(experts)
    self.shared = FeedForwardFormats(shared)
    router = shared.compact(.router)
    bias = shared.compact(.bias)
    routerPrecision = shared.precision(with: .router)
  }

  /// The expected number of distinct experts that `tokens` tokens touch.
  public static func distinctExperts(_ experts: Int, perToken: Int, tokens: Int) -> Double {
    let missed = power(1 - Double(perToken) / Double(experts), tokens)
    return Double(experts) * (1 - missed)
  }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    var route = Operation(
      .router, .matmul(m: Double(rows), n: shape.experts, k: hidden, count: 1),
      work: .product(
        m: Double(rows), n: Double(shape.experts), k: Double(hidden), precision: routerPrecision),
      repeats: buffer.repeats)
    route.work.vector = FLOPs(4 * Double(rows) * Double(shape.experts))
    route.work.special = FLOPs(Double(rows) * Double(shape.experts))
    route.add(
      Operand(.activationRead, rows: rows, columns: hidden, format: experts.activations))
    route.add(Operand(.weights, rows: shape.experts, columns: hidden, format: router))
    if shape.routerHasBias {
      route.add(Operand(.weights, rows: 1, columns: shape.experts, format: bias))
    }
    route.add(
      Operand(.activationWrite, rows: rows, columns: shape.experts, format: experts.activations))
    buffer.append(route)

    experts.emit(
      shape, width: shape.size, hidden: hidden, tokenRows: rows,
      rows: Double(rows * shape.expertsPerToken),
      touched: Self.distinctExperts(
        shape.experts, perToken: shape.expertsPerToken, tokens: rows),
      resident: Double(shape.experts), into: &buffer)

    if shape.sharedSize > 0 {
      shared.emit(
        shape, width: shape.sharedSize, hidden: hidden, tokenRows: rows, rows: Double(rows),
        touched: 1, resident: 1, into: &buffer)
    }
  }

  /// `base` to a whole power, by squaring.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
