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
        operations.append(operation)
        totals.add(fit, operation, machine)
      }
    }
    rest = Emission(others)
  }

  /// What lives beyond an operation, over all, and the largest activations of one.
  func footprint(_ rows: StepRows) -> (persistent: Bytes, activations: Bytes) {
    (Bytes(totals.persistent.at(rows)), Bytes(totals.activations(rows)))
  }

  /// The cost of all operations of the part.
  @inline(__always)
  func cost(_ rows: StepRows, on machine: Machine, _ placement: Placement) -> Cost {
    var cost = Cost()
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
    return cost
  }
}
