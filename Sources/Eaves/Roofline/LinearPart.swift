import Quantities

/// The operations of a model that are straight lines in the rows of a step, and what emits the others.
struct LinearPart: Sendable {
  private(set) var operations: [LinearOperation] = []
  /// Emits the operations that are no lines.
  let rest: Emission
  private var totals = Totals()

  /// A count over all operations: a plane over token rows and logit rows.
  fileprivate struct Plane: Sendable {
    var start = 0.0
    var byTokens = 0.0
    var byLogits = 0.0

    @inline(__always)
    func at(_ tokens: Double, _ logits: Double) -> Double {
      start + byTokens * tokens + byLogits * logits
    }

    mutating func add(_ line: Line, usesLogitRows: Bool) {
      start += line.start
      if usesLogitRows { byLogits += line.slope } else { byTokens += line.slope }
    }

  }

  /// Counts of all operations, times their layers.
  fileprivate struct Totals: Sendable {
    var matrix = Plane()
    var vector = Plane()
    var special = Plane()
    var energy = Plane()
    var persistent = Plane()
    /// Bytes by role, and seconds at peak by engine; only those there are.
    var roles: [(index: Int, sum: Plane)] = []
    var engines: [(index: Int, sum: Plane)] = []

    static func add(
      _ line: Line, usesLogitRows: Bool, at index: Int, to list: inout [(index: Int, sum: Plane)]
    ) {
      guard line.start != 0 || line.slope != 0 else { return }
      let place = list.firstIndex { $0.index == index } ?? list.endIndex
      if place == list.endIndex { list.append((index, Plane())) }
      list[place].sum.add(line, usesLogitRows: usesLogitRows)
    }
  }

  init(_ model: CompiledModel, _ machine: Machine) {
    var lines: [Fit] = []
    var others: [Emission.Part] = []
    for part in model.parts {
      if !part.part.dependsOnContext, let fits = Self.fits(part, Self.probes(model.model.kind)) {
        lines += fits
      } else {
        others.append(part)
      }
    }
    rest = Emission(others)
    for fit in lines { add(fit, machine) }
  }

  // MARK: Fitting

  /// Steps to draw lines through, and one to check them, with their token rows and logit rows.
  ///
  /// All else differs between them, so that what depends on more than rows is found out.
  private static func probes(_ kind: Model.Kind) -> [(step: Step, tokens: Double, logits: Double)] {
    [(1, 1, 0, 1), (1, 2, 3, 1), (2, 1, 5, 1), (3, 5, 11, 2)].map { batch, new, cached, logits in
      let step =
        kind == .encoder
        ? Step.encode(new, batch: batch)
        : Step(newTokens: new, cachedTokens: cached, logitTokens: logits, batch: batch)
      return (step, Double(step.rows), Self.logitRows(step, kind))
    }
  }

  /// Rows whose logits are wanted; an encoder's pooler has a row for each sequence.
  static func logitRows(_ step: Step, _ kind: Model.Kind) -> Double {
    Double(kind == .encoder ? step.batch : step.batch * step.logitTokens)
  }

  private static func emitted(_ part: Emission.Part, _ step: Step) -> [Operation] {
    var buffer = OperationBuffer()
    Emission([part]).emit(step, into: &buffer)
    return buffer.operations
  }

  /// One operation with its lines.
  private struct Fit {
    let operation: Operation
    let usesLogitRows: Bool
    let line: ((Operation) -> Double) -> Line?
  }

  private static func fits(
    _ part: Emission.Part, _ probes: [(step: Step, tokens: Double, logits: Double)]
  ) -> [Fit]? {
    let emitted = probes.map { Self.emitted(part, $0.step) }
    guard let count = emitted.first?.count, emitted.allSatisfy({ $0.count == count }) else {
      return nil
    }
    // The second probe differs from the first in token rows, the third in logit rows too.
    let choices = [(false, probes.map(\.tokens), 1), (true, probes.map(\.logits), 2)]
    var fits: [Fit] = []
    for index in 0..<count {
      let samples = emitted.map { $0[index] }
      let found = choices.first { _, rows, second in
        Operation.linearCounts.allSatisfy { count in
          line(of: { $0[keyPath: count] }, samples, rows, second) != nil
        }
      }
      guard let (usesLogitRows, rows, second) = found, samples[0].isLinearKind else { return nil }
      fits.append(
        Fit(operation: samples[0], usesLogitRows: usesLogitRows) {
          line(of: $0, samples, rows, second)
        })
    }
    return fits
  }

  /// The line through the first and the `second` sample; `nil` where another lies off it.
  private static func line(
    of count: (Operation) -> Double, _ samples: [Operation], _ rows: [Double], _ second: Int
  ) -> Line? {
    let values = samples.map(count)
    let slope = (values[second] - values[0]) / (rows[second] - rows[0])
    let line = Line(start: values[0] - slope * rows[0], slope: slope)
    let fits = zip(values, rows).allSatisfy { value, row in
      abs(line.at(row) - value) <= 1e-9 * max(1, abs(value))
    }
    return fits ? line : nil
  }

  private mutating func add(_ fit: Fit, _ machine: Machine) {
    let operation = fit.operation
    let repeats = operation.repeats
    func line(_ count: any Count) -> Line { fit.line { $0[keyPath: count] } ?? Line() }
    let expansions = fit.line { $0.storedExpansions(machine).weights } ?? Line()
    let isExpanded = operation.hasExpansions && (expansions.start != 0 || expansions.slope != 0)
    let rate = machine.matrix[operation.work.precision.index]
    let hasProducts = line(\.work.matrix.value).at(1) > 0
    let sharesLanes = machine.special.engine == machine.vector.engine
    let functions = line(\.work.special.value) * machine.special.achieved.value
    var elementwise = line(\.work.vector.value) * machine.vector.achieved.value
    if sharesLanes { elementwise += functions }
    var (columns, depth, copies) = (0, 0, 0.0)
    if case .matmul(_, let n, let k, let count) = operation.kind {
      (columns, depth, copies) = (n, k, count)
    }
    let kernel = machine.kernels[Int(operation.id.rawValue)]
    operations.append(
      LinearOperation(
        usesLogitRows: fit.usesLogitRows, repeats: repeats,
        products: line(\.work.executedMatrix.value) * (hasProducts ? rate.achieved.value : 0),
        productsAreOnLanes: rate.isVector, functions: sharesLanes ? Line() : functions,
        elementwise: elementwise,
        expansions: expansions,
        isExpanded: isExpanded, m: line(\.productRows), columns: columns,
        depth: depth, copies: copies, persistent: line(\.persistentBytes),
        written: line(\.writtenBytes), activations: line(\.passingBytes),
        isFused: kernel.isFused, overhead: (kernel.launch * operation.work.launches).value))

    let logits = fit.usesLogitRows
    totals.matrix.add(line(\.work.matrix.value) * repeats, usesLogitRows: logits)
    totals.vector.add(line(\.work.vector.value) * repeats, usesLogitRows: logits)
    totals.special.add(line(\.work.special.value) * repeats, usesLogitRows: logits)
    totals.persistent.add(line(\.persistentBytes) * repeats, usesLogitRows: logits)
    for (role, count) in Operation.roleCounts.enumerated() {
      Totals.add(line(count) * repeats, usesLogitRows: logits, at: role, to: &totals.roles)
    }
    guard hasProducts else { return }
    totals.energy.add(
      line(\.work.executedMatrix.value) * (repeats * rate.energy.value), usesLogitRows: logits)
    Totals.add(
      line(\.work.matrix.value) * (repeats * rate.peak.value), usesLogitRows: logits,
      at: rate.engine, to: &totals.engines)
  }

  // MARK: Evaluation

  /// What lives beyond an operation, over all, and the largest activations of one.
  func footprint(tokens: Double, logits: Double) -> (persistent: Bytes, activations: Bytes) {
    let persistent = totals.persistent.at(tokens, logits)
    var largest = 0.0
    let operations = operations.span
    for index in operations.indices {
      let rows = operations[index].usesLogitRows ? logits : tokens
      largest = max(largest, operations[index].activations.at(rows))
    }
    return (Bytes(persistent), Bytes(largest))
  }

  /// Adds all operations of the part to a cost.
  func add(
    to cost: inout Cost, tokens: Double, logits: Double, on machine: Machine, _ placement: Placement
  ) {
    let levels = machine.costed
    // A span lends its elements; an array would copy each.
    let operations = operations.span
    for index in operations.indices {
      cost.add(
        operations[index], rows: operations[index].usesLogitRows ? logits : tokens, on: machine,
        levels, home: placement.home)
    }
    cost.add(totals, tokens, logits)
  }
}

extension Cost {
  @inline(__always)
  fileprivate mutating func add(
    _ totals: borrowing LinearPart.Totals, _ tokens: Double, _ logits: Double
  ) {
    matrix += FLOPs(totals.matrix.at(tokens, logits))
    vector += FLOPs(totals.vector.at(tokens, logits))
    special += FLOPs(totals.special.at(tokens, logits))
    dynamicEnergy += Joules(totals.energy.at(tokens, logits))
    let roles = totals.roles.span
    for index in roles.indices {
      bytes.add(Bytes(roles[index].sum.at(tokens, logits)), role: roles[index].index)
    }
    let engines = totals.engines.span
    for index in engines.indices {
      enginePeak[engines[index].index] += Seconds(engines[index].sum.at(tokens, logits))
    }
  }
}

/// One count of an operation.
private typealias Count = KeyPath<Operation, Double> & Sendable

extension Operation {
  /// Counts that must be lines for an operation to be one.
  fileprivate static let linearCounts: [any Count] =
    [
      \.work.matrix.value, \.work.executedMatrix.value, \.work.vector.value, \.work.special.value,
      \.productRows, \.persistentBytes, \.writtenBytes, \.passingBytes,
    ] + roleCounts

  fileprivate static let roleCounts: [any Count] = [
    \.bytes.sums[0].value, \.bytes.sums[1].value, \.bytes.sums[2].value, \.bytes.sums[3].value,
    \.bytes.sums[4].value, \.bytes.sums[5].value, \.bytes.sums[6].value, \.bytes.sums[7].value,
  ]

  /// Rows of a plain product; 0 for anything else.
  fileprivate var productRows: Double {
    if case .matmul(let m, _, _, _) = kind { m } else { 0 }
  }

  fileprivate var persistentBytes: Double { (bytes[.weights] + bytes.cached).value }
  fileprivate var writtenBytes: Double { bytes.written.value }
  fileprivate var passingBytes: Double { bytes.activations.value }

  /// Whether the shape itself does not change with the step but for rows.
  fileprivate var isLinearKind: Bool {
    guard rereadBytes == .zero else { return false }
    return switch kind {
    // Attention has shares of a peak of its own, and its pairs are no line.
    case .attention: false
    case .matmul(_, _, _, let count): count == 1
    case .pointwise, .reduction, .gather, .scan, .convolution: bytes[.cacheRead] == .zero
    }
  }
}
