public import Quantities

/// The cost of one operation in one layer: terms by engine and level, at peak and as achieved.
public struct OperationCost: Sendable {
  /// Work counts.
  public var matrix = FLOPs.zero
  public var vector = FLOPs.zero
  public var special = FLOPs.zero
  /// Bytes by role.
  public var weightBytes = Bytes.zero
  public var cacheReadBytes = Bytes.zero
  public var cacheWriteBytes = Bytes.zero
  public var stateBytes = Bytes.zero
  public var activationBytes = Bytes.zero
  /// Bytes across each level, as expected.
  public var levelBytes = InlineArray<8, Bytes>(repeating: .zero)
  /// Compulsory bytes that enter, leave or persist, and the nearest level they come from at best.
  public var compulsoryBytes = Bytes.zero
  /// Seconds at peak on each engine (position in `chip.engines`).
  var matrixPeak = Seconds.zero
  var matrixEngine = 0
  var vectorPeak = Seconds.zero
  var specialPeak = Seconds.zero
  /// The longest term as achieved, their sum, and which it is.
  public var longest = Seconds.zero
  public var sum = Seconds.zero
  public var limiter = Limiter.overhead
  /// Fixed times.
  public var overhead = Seconds.zero
  /// Joules of the work and the traffic.
  public var energy = Joules.zero

  /// Seconds for one layer, as expected.
  public var expected: Seconds { longest + overhead }
}

/// What limits an operation: a level, an engine, or a fixed time. Small, so that sums by limiter are an array.
public struct Limiter: Sendable, Hashable {
  /// 0–7 memory levels, 8 matrix, 9 vector, 10 special, 11 dequantisation, 12 overhead.
  var slot: Int

  static let slots = 13
  static let matrix = Limiter(slot: 8)
  static let vector = Limiter(slot: 9)
  static let special = Limiter(slot: 10)
  static let dequantisation = Limiter(slot: 11)
  static let overhead = Limiter(slot: 12)
  static func level(_ position: Int) -> Limiter { Limiter(slot: position) }
}

extension Machine {
  /// The cost of one operation in one layer.
  @inline(__always)
  func cost(of operation: borrowing Operation, _ placement: Placement) -> OperationCost {
    var cost = OperationCost()
    var expansions = 0.0
    var cacheExpansions = 0.0
    for slot in 0..<operation.operandCount {
      let bytes = operation.operands[slot].bytes
      switch operation.operands[slot].role {
      case .weights:
        cost.weightBytes += bytes
        expansions += operation.operands[slot].elements
          * expansion[Int(operation.operands[slot].expansion.rawValue)]
      case .cacheRead:
        cost.cacheReadBytes += bytes
        cacheExpansions += operation.operands[slot].elements
          * expansion[Int(operation.operands[slot].expansion.rawValue)]
      case .cacheWrite: cost.cacheWriteBytes += bytes
      case .state: cost.stateBytes += bytes * 2
      case .activationRead, .activationWrite: cost.activationBytes += bytes
      case .stepInput, .stepOutput: cost.compulsoryBytes += bytes
      }
    }
    let isFused = fusion[Int(operation.id.rawValue)]
    let activations = isFused ? Bytes.zero : cost.activationBytes
    let cached = cost.cacheReadBytes + cost.stateBytes
    let written = cost.cacheWriteBytes + cost.compulsoryBytes
    cost.compulsoryBytes = cost.weightBytes + cached + written
    cost.matrix = operation.work.matrix
    cost.vector = operation.work.vector
    cost.special = operation.work.special

    // A stored weight is expanded once for each tile of rows that it meets.
    if expansions > 0, case .matmul(let m, _, _, _) = operation.kind, m > fixed.expansionRows {
      expansions *= m / fixed.expansionRows
    }
    addArithmetic(operation, FLOPs(expansions + cacheExpansions), to: &cost)
    addTraffic(
      operation, placement,
      Streams(
        weights: cost.weightBytes, cached: cached, activations: activations, written: written),
      to: &cost)
    addFixedTimes(operation, isFused: isFused, to: &cost)
    return cost
  }

  /// Engines run beside each other; what shares the lanes adds up.
  @inline(__always)
  private func addArithmetic(
    _ operation: borrowing Operation, _ expansions: FLOPs, to cost: inout OperationCost
  ) {
    let work = operation.work
    var products = Seconds.zero
    if work.matrix > .zero {
      let rate = matrix[work.precision.index]
      let isAttention = operation.isAttention
      let time = work.executedMatrix * (isAttention ? rate.attention : rate.achieved)
      cost.matrixEngine = rate.engine
      cost.matrixPeak = work.matrix * rate.peak
      cost.energy += work.executedMatrix * energies.matrix(rate.precision)
      if rate.isVector { products = time } else { cost.add(time, .matrix) }
    }
    let functions = work.special * special.achieved
    let onOwnEngine = special.engine != vector.engine
    if onOwnEngine { cost.add(functions, .special) }
    let elementwise = work.vector * vector.achieved + (onOwnEngine ? .zero : functions)
    let expanding = expansions * vector.achieved
    var limiter = products > elementwise ? Limiter.matrix : .vector
    if expanding > max(products, elementwise) { limiter = .dequantisation }
    cost.add(products + elementwise + expanding, limiter)

    cost.vectorPeak = work.vector * vector.peak
    cost.specialPeak = work.special * special.peak
    cost.energy +=
      (work.vector + expansions) * energies.vector + work.special * energies.special
  }

  @inline(__always)
  private func addFixedTimes(
    _ operation: borrowing Operation, isFused: Bool, to cost: inout OperationCost
  ) {
    switch operation.id {
    case .attention:
      cost.overhead = fixed.attentionLaunch
      if fixed.attentionHead > .zero, case .attention(let shape) = operation.kind, shape.queries == 1 {
        cost.add(fixed.attentionHead * (shape.batch * shape.heads), .overhead)
      }
    case .qkv: cost.overhead = fixed.launch * fixed.qkvLaunches
    case .gateUp: cost.overhead = fixed.launch * fixed.gateUpLaunches
    case .attentionNorm, .feedForwardNorm:
      cost.overhead = isFused ? .zero : fixed.launch * fixed.normLaunches
    default: cost.overhead = isFused ? .zero : fixed.launch * operation.work.launches
    }
    cost.sum += cost.overhead
  }
}

extension OperationCost {
  /// A term that runs beside the others.
  @inline(__always)
  mutating func add(_ time: Seconds, _ limiter: Limiter) {
    sum += time
    take(time, limiter)
  }

  @inline(__always)
  mutating func take(_ time: Seconds, _ limiter: Limiter) {
    if time > longest {
      longest = time
      self.limiter = limiter
    }
  }
}
