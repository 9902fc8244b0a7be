import Quantities

/// What is linear in the rows of a step whatever limits an operation: summed over operations and layers when
/// an evaluator is made.
struct LinearTotals: Sendable {
  private(set) var persistent = Plane()
  fileprivate var matrix = Plane()
  fileprivate var vector = Plane()
  fileprivate var special = Plane()
  fileprivate var energy = Plane()
  /// Seconds of all engines as achieved, one after the other, but for the expansion of weights.
  fileprivate var engineSum = Plane()
  /// Fixed times of all kernels.
  fileprivate var overhead = Seconds.zero
  /// Bytes by role, and seconds at peak by engine; only those there are.
  fileprivate var roles: [IndexedSum] = []
  fileprivate var engines: [IndexedSum] = []
  private var widest = Widest()

  fileprivate struct IndexedSum: Sendable {
    let index: Int
    var sum = Plane()
  }

  /// The largest activations of one operation.
  @inline(__always)
  func activations(_ rows: StepRows) -> Double { widest.at(rows) }

  /// Adds an operation, with its terms on a machine.
  mutating func add(_ fit: LineFit, _ terms: LinearOperation, _ machine: Machine) {
    let logits = fit.usesLogitRows
    let work = fit.operation.work
    let repeats = fit.operation.repeats
    matrix.add(fit(\.work.matrix.value) * repeats, usesLogitRows: logits)
    vector.add(fit(\.work.vector.value) * repeats, usesLogitRows: logits)
    special.add(fit(\.work.special.value) * repeats, usesLogitRows: logits)
    persistent.add(fit(\.persistentBytes) * repeats, usesLogitRows: logits)
    let engines = terms.products + terms.functions + terms.elementwise
    engineSum.add(engines * repeats, usesLogitRows: logits)
    let kernel = machine.kernels[Int(fit.operation.id.rawValue)]
    overhead += repeats * (kernel.launch * work.launches)
    widest.add(fit(\.passingBytes), usesLogitRows: logits)
    for (role, line) in fit.roles.enumerated() {
      Self.add(line * repeats, usesLogitRows: logits, at: role, to: &roles)
    }
    guard work.matrix > .zero else { return }
    let rate = machine.matrix[work.precision.index]
    energy.add(
      fit(\.work.executedMatrix.value) * (repeats * rate.energy.value), usesLogitRows: logits)
    Self.add(
      fit(\.work.matrix.value) * (repeats * rate.peak.value), usesLogitRows: logits,
      at: rate.engine, to: &self.engines)
  }

  private static func add(
    _ line: Line, usesLogitRows: Bool, at index: Int, to list: inout [IndexedSum]
  ) {
    guard line.start != 0 || line.slope != 0 else { return }
    let place = list.firstIndex { $0.index == index } ?? list.endIndex
    if place == list.endIndex { list.append(IndexedSum(index: index)) }
    list[place].sum.add(line, usesLogitRows: usesLogitRows)
  }

  /// The lines of the activations that may be the largest of an operation, for some number of rows: most are
  /// covered by another, and two are left of fifteen.
  private struct Widest: Sendable {
    private var byTokens: [Line] = []
    private var byLogits: [Line] = []

    /// Adds a line and drops those that it covers, unless another covers it.
    mutating func add(_ line: Line, usesLogitRows: Bool) {
      func keep(_ lines: inout [Line]) {
        guard !lines.contains(where: { $0.covers(line) }) else { return }
        lines.removeAll(where: line.covers)
        lines.append(line)
      }
      if usesLogitRows { keep(&byLogits) } else { keep(&byTokens) }
    }

    func at(_ rows: StepRows) -> Double {
      var largest = 0.0
      for line in byTokens { largest = max(largest, line.at(rows.tokens)) }
      for line in byLogits { largest = max(largest, line.at(rows.logits)) }
      return largest
    }
  }
}

extension Cost {
  /// Adds what all operations have together.
  @inline(__always)
  mutating func add(_ totals: borrowing LinearTotals, _ rows: StepRows) {
    matrix += FLOPs(totals.matrix.at(rows))
    vector += FLOPs(totals.vector.at(rows))
    special += FLOPs(totals.special.at(rows))
    dynamicEnergy += Joules(totals.energy.at(rows))
    limited[Limiter.overhead.slot] += totals.overhead
    expected += totals.overhead
    upper += totals.overhead + Seconds(totals.engineSum.at(rows))
    let roles = totals.roles.span
    for index in roles.indices {
      bytes.add(Bytes(roles[index].sum.at(rows)), role: roles[index].index)
    }
    let engines = totals.engines.span
    for index in engines.indices {
      enginePeak[engines[index].index] += Seconds(engines[index].sum.at(rows))
    }
  }
}
