import Quantities

/// The operations of a model that are straight lines in the rows of a step, and what emits the others.
struct LinearPart: Sendable {
  private var operations: [LinearOperation] = []
  private var totals = LinearTotals()
  /// Emits the operations that are no lines.
  let rest: Emission

  init(_ model: CompiledModel, _ machine: Machine) {
    var others: [Emission.Part] = []
    for part in model.parts {
      guard !part.part.dependsOnContext, let fits = LineFit.all(of: part, model.model.kind) else {
        others.append(part)
        continue
      }
      for fit in fits {
        let operation = LinearOperation(fit, machine)
        Self.add(operation, to: &operations)
        totals.add(fit, operation, machine)
      }
    }
    rest = Emission(others)
  }

  /// Adds an operation; one that costs the same as another (the norms of a block) is some more layers of it.
  private static func add(_ operation: LinearOperation, to operations: inout [LinearOperation]) {
    if let twin = operations.firstIndex(where: { $0.costsTheSame(as: operation) }) {
      operations[twin].repeats += operation.repeats
    } else {
      operations.append(operation)
    }
  }

  /// What lives beyond an operation, over all, and the largest activations of one.
  func footprint(_ rows: StepRows) -> (persistent: Bytes, activations: Bytes) {
    (Bytes(totals.persistent.at(rows)), Bytes(totals.activations(rows)))
  }

  /// Adds the cost of all operations of the part; to nothing, for levels are summed up here.
  @inline(__always)
  func add(
    to cost: inout Cost, _ rows: StepRows, on machine: Machine, _ placement: Placement
  ) {
    let levels = machine.costed
    // A span lends its elements; an array would copy each.
    let operations = operations.span
    for index in operations.indices {
      cost.add(operations[index], rows, on: machine, levels, home: placement.home)
    }
    cost.add(totals, rows)
    // Without overlap, terms add up, and the order does not matter: level by level, over all operations.
    cost.upper += cost.expanded * machine.vector.achieved
    for level in levels {
      cost.upper += cost.levelBytes[level.position] * level.achieved
    }
  }
}
