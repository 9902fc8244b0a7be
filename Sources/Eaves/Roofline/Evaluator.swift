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
  private let linear: LinearPart

  /// An evaluator for one machine and one compiled model.
  /// - Throws: `MissingFigure` where no engine of the chip carries a product of the model.
  public init(_ machine: Machine, _ model: CompiledModel) throws(MissingFigure) {
    self.machine = machine
    self.model = model
    linear = LinearPart(model, machine)
    try Self.requireLinks(of: model, on: machine)
    model.emit(.smallest(for: model.model.kind), into: &buffer)
    for operation in buffer.operations where operation.work.matrix > .zero {
      let precision = operation.work.precision
      if machine.matrix[precision.index].engine < 0 {
        throw MissingFigure(
          chip: machine.chip.id,
          field: "engines[].rates[] for \(precision.rawValue) or a format that carries it",
          purpose: "the operation \"\(operation.id.name)\"", remedy: machine.remedy)
      }
    }
  }

  /// What is sent needs a way out of the chip.
  private static func requireLinks(
    of model: CompiledModel, on machine: Machine
  ) throws(MissingFigure) {
    var buffer = OperationBuffer()
    let steps = [Step.smallest(for: model.model.kind), .decode(context: 1 << 30)]
    for step in steps {
      model.emit(step, into: &buffer)
      for operation in buffer.operations {
        guard let use = operation.link, machine.port(to: use.peer) == nil else { continue }
        let field =
          use.peer == .storage ? "storage[].bandwidth" : "links[].bandwidth"
        throw MissingFigure(
          chip: machine.chip.id, field: field, purpose: "the operation \"\(operation.id.name)\"")
      }
    }
  }

  /// The operations of a step, as the evaluator sees them.
  public mutating func operations(of step: Step) -> [Operation] {
    model.emit(step, into: &buffer)
    return buffer.operations
  }

  /// The cost of one step: lines where operations are lines, the rest emitted.
  public mutating func evaluate(_ step: Step) -> Cost {
    var cost = Cost()
    evaluate(step, into: &cost)
    return cost
  }

  /// The cost of one step in place of an empty one: returning it would copy 512 bytes at each call on the way.
  mutating func evaluate(_ step: Step, into cost: inout Cost) {
    // Lines were drawn through steps that want logits; where weights are read from flash, or kernels have times of
    // their own, all is emitted.
    guard step.logitTokens > 0 || model.model.kind == .encoder, step.sourceTokens == 0,
      machine.flashCapacity == nil, machine.kernelModel == nil
    else {
      cost = evaluateEmitted(step)
      return
    }
    let rows = StepRows(step, model.model.kind)
    buffer.removeAll()
    linear.rest.emit(step, into: &buffer)
    let held = linear.footprint(rows)
    let placement = Placement(
      machine, persistent: buffer.persistentBytes + held.persistent,
      activations: max(buffer.largestActivations, held.activations),
      weights: model.inventory.weightBytes, rereads: buffer.rereadSet)
    linear.add(to: &cost, rows, on: machine, placement)
    let machine = machine
    buffer.forEach { entry in
      cost.add(&entry, on: machine, placement)
    }
    cost.finish(machine, layers: model.layerCount, placement: placement)
  }

  /// The cost of one step with every operation emitted: the definition that `evaluate` is tested against.
  mutating func evaluateEmitted(_ step: Step) -> Cost {
    model.emit(step, into: &buffer)
    let placement = Placement(
      machine, persistent: buffer.persistentBytes, activations: buffer.largestActivations,
      weights: model.inventory.weightBytes, rereads: buffer.rereadSet)
    var cost = Cost()
    let machine = machine
    buffer.forEach { entry in
      cost.add(&entry, on: machine, placement)
    }
    cost.finish(machine, layers: model.layerCount, placement: placement)
    return cost
  }

  /// The cost of one step, operation by operation, for reports.
  public mutating func breakdown(_ step: Step) -> [(operation: Operation, cost: OperationCost)] {
    _ = evaluateEmitted(step)
    return buffer.costed
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

  /// Position of the nearest level that keeps weights that are read again in the same step; beyond all levels
  /// where none does, or where there are none.
  public var rereadHome = Int.max

  init(
    _ machine: Machine, persistent: Bytes, activations: Bytes, weights: Bytes,
    rereads: Bytes = .zero
  ) {
    persistentBytes = persistent
    activationBytes = activations
    home = machine.main
    bestHome = machine.main
    var level = machine.main - 1
    while level >= 0 {
      if machine.levels[level].persistentBytes >= persistentBytes + activationBytes { home = level }
      if machine.levels[level].totalBytes >= persistentBytes { bestHome = level }
      level -= 1
    }
    bestHome = min(bestHome, home)
    if rereads > .zero {
      let kept = machine.levels.prefix(machine.main + 1).firstIndex {
        $0.persistentBytes >= rereads + activations
      }
      rereadHome = kept ?? .max
    }
    if let flash = machine.flashCapacity {
      let main = machine.levels[machine.main].persistentBytes
      weightsInFlash = weights + activationBytes > main && weights <= flash
    }
  }
}

extension Machine {
  /// What else a user can do where no engine carries the activations: ask for a format that the chip has.
  fileprivate var remedy: String? {
    let native = MultiplyPrecision.allCases.filter { nativePrecisions.contains($0) }
    guard !native.isEmpty else { return nil }
    let names = native.map(\.rawValue).joined(separator: ", ")
    let integers = native.contains(.i8) ? ": try --activations int8 --kv int8 --weights int8" : ""
    return "the engines in use multiply \(names)\(integers)"
  }
}
