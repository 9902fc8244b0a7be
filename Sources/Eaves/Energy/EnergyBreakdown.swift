public import Quantities

/// Where the joules of a step go: by memory level, by engine, and standing still.
public struct EnergyBreakdown: Sendable {
  /// One part of the energy.
  public struct Part: Sendable {
    /// The id of a memory level or of an engine, "expansion" or "static power".
    public var place: String
    public var energy: Joules
  }

  /// Parts that count, levels nearest first, then engines, then static power.
  public let parts: [Part]

  /// Splits the energy of a step, operation by operation.
  /// - Parameters:
  ///   - operations: the operations of the step with their costs.
  ///   - total: the cost of the step.
  ///   - machine: what they ran on.
  public init(
    _ operations: [(operation: Operation, cost: OperationCost)], of total: Cost,
    on machine: Machine
  ) {
    var levels = Array(repeating: Joules.zero, count: machine.levels.count)
    var (matrix, vector, special) = (Joules.zero, Joules.zero, Joules.zero)
    for (operation, cost) in operations {
      let repeats = operation.repeats * total.copies
      for position in machine.levels.indices {
        levels[position] +=
          cost.levelBytes[position] * machine.levels[position].energy * repeats
      }
      let work = operation.work
      matrix += work.executedMatrix * machine.matrixEnergy(work.precision) * repeats
      vector += work.vector * machine.energies.vector * repeats
      special += work.special * machine.energies.special * repeats
    }
    let known = levels.reduce(matrix + vector + special, +)
    var parts = zip(machine.levels, levels).map { level, energy in
      Part(place: machine.chip.memory[level.index].id, energy: energy)
    }
    parts.append(Part(place: "matrix products", energy: matrix))
    parts.append(Part(place: "vector work", energy: vector))
    parts.append(Part(place: "special functions", energy: special))
    parts.append(Part(place: "expanding weights", energy: total.dynamicEnergy - known))
    parts.append(Part(place: "static power", energy: total.staticEnergy))
    self.parts = parts.filter { $0.energy > total.energy * 1e-3 }
  }
}

extension Machine {
  /// Joules a FLOP of products of a precision, at the precision they run in.
  func matrixEnergy(_ precision: MultiplyPrecision) -> JoulesPerFLOP {
    energies.matrix(engine(for: precision)?.rate ?? precision)
  }
}
