public import Quantities

/// Folds the operations of a step over a machine: times, bytes, energy, and what limits them.
///
/// Three latencies (architecture): `lower` is the largest, over engines and levels, of the whole step's
/// work over its peak; `expected` sums, over operations, the largest term at achieved rates plus fixed
/// times; `upper` sums the terms instead of taking the largest. lower ≤ expected ≤ upper by construction:
/// achieved rates never exceed peaks and executed work is never less than useful work.
public struct Evaluator: Sendable {
  public let machine: Machine
  public let model: CompiledModel
  private var buffer = OperationBuffer()

  /// An evaluator for one machine and one compiled model.
  /// - Throws: `MissingFigure` where no engine of the chip carries a product of the model.
  public init(_ machine: Machine, _ model: CompiledModel) throws(MissingFigure) {
    self.machine = machine
    self.model = model
    model.emit(model.model.kind == .encoder ? .encode(1) : .prefill(1), into: &buffer)
    for operation in buffer.operations where operation.work.matrix > .zero {
      let precision = operation.work.precision
      if machine.matrix[precision.index].engine < 0 {
        throw MissingFigure(
          chip: machine.chip.id,
          field: "engines[].rates[] for \(precision.rawValue) or a format that carries it",
          purpose: "the operation \"\(operation.id.name)\"")
      }
    }
  }

  /// The operations of a step, as the evaluator sees them.
  public mutating func operations(of step: Step) -> [Operation] {
    model.emit(step, into: &buffer)
    return buffer.operations
  }

  /// The cost of one step.
  public mutating func evaluate(_ step: Step) -> Cost {
    model.emit(step, into: &buffer)
    let placement = Placement(machine, buffer, model)
    var cost = Cost()
    for index in buffer.operations.indices {
      let part = machine.cost(of: buffer.operations[index], placement)
      cost.add(part, repeats: buffer.operations[index].repeats)
    }
    cost.finish(machine, layers: model.layerCount, placement: placement)
    return cost
  }

  /// The cost of one step, operation by operation, for reports.
  public mutating func breakdown(_ step: Step) -> [(operation: Operation, cost: OperationCost)] {
    model.emit(step, into: &buffer)
    let placement = Placement(machine, buffer, model)
    return buffer.operations.map { ($0, machine.cost(of: $0, placement)) }
  }
}

/// Where the persistent data of a step live: the nearest level that holds all of it.
///
/// What fits a nearer level is not fetched from the farther (`sram_fits`): all or nothing, because data
/// that are read once a step and exceed a cache are evicted before they are read again.
public struct Placement: Sendable {
  /// Position in `machine.levels` of weights and cache, as expected and at best.
  public var home: Int
  public var bestHome: Int
  /// Bytes of weights and cache that the step touches.
  public var persistentBytes: Bytes
  /// The largest activations of one operation.
  public var activationBytes: Bytes

  /// Whether main memory is too small for the weights and they are read from flash.
  public var weightsInFlash = false

  init(
    _ machine: borrowing Machine, _ buffer: borrowing OperationBuffer, _ model: CompiledModel
  ) {
    var persistent = Bytes.zero
    var largest = Bytes.zero
    for index in buffer.operations.indices {
      let repeats = buffer.operations[index].repeats
      var activations = Bytes.zero
      for slot in 0..<buffer.operations[index].operandCount {
        let bytes = buffer.operations[index].operands[slot].bytes
        switch buffer.operations[index].operands[slot].role {
        case .weights, .cacheRead, .state: persistent += repeats * bytes
        case .activationRead, .activationWrite: activations += bytes
        case .cacheWrite, .stepInput, .stepOutput: break
        }
      }
      largest = max(largest, activations)
    }
    persistentBytes = persistent
    activationBytes = largest
    home = machine.main
    bestHome = machine.main
    var level = machine.main - 1
    while level >= 0 {
      if machine.levels[level].persistentBytes >= persistent + largest { home = level }
      if machine.levels[level].totalBytes >= persistent { bestHome = level }
      level -= 1
    }
    bestHome = min(bestHome, home)
    if let flash = machine.flashCapacity {
      let main = machine.levels[machine.main].persistentBytes
      let weights = model.inventory.weightBytes
      weightsInFlash = weights + largest > main && weights <= flash
    }
  }
}
