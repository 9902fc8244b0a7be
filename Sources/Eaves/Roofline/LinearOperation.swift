import Quantities

/// An operation whose every count is a straight line in the rows of the step: token rows (b·S), or the rows
/// whose logits are wanted.
///
/// Most operations of a model are. Nothing is written twice: the lines are drawn through what the emitter emits
/// for a few steps, checked at another, and turned into terms of time on one machine. Attention and experts are
/// no lines; they are emitted for every step.
struct LinearOperation: Sendable, Equatable {
  let usesLogitRows: Bool
  var repeats: Double
  /// Seconds, as achieved, of products, of special functions on an engine of their own, and of the rest that
  /// shares the lanes.
  let products: Line
  let productsAreOnLanes: Bool
  let functions: Line
  let elementwise: Line
  /// Lane operations that expand weights for one tile of rows; `nil` where there are none.
  let expansions: Line?
  /// Rows of a product, and how often its operands travel into each level that costs time; no tilings where
  /// it is none.
  let m: Line
  let tilings: [Tiling]
  /// Bytes that are new, those with what is read where it lives, and what passes between operations unless
  /// it is fused.
  let written: Line
  let compulsory: Line
  let activations: Line

  /// An operation on a machine.
  init(_ fit: LineFit, _ machine: Machine) {
    let operation = fit.operation
    let rate = machine.matrix[operation.work.precision.index]
    let hasProducts = operation.work.matrix > .zero
    usesLogitRows = fit.usesLogitRows
    repeats = operation.repeats
    products = fit(\.work.executedMatrix.value) * (hasProducts ? rate.achieved.value : 0)
    productsAreOnLanes = rate.isVector
    let special = fit(\.work.special.value) * machine.special.achieved.value
    let vector = fit(\.work.vector.value) * machine.vector.achieved.value
    let sharesLanes = machine.special.engine == machine.vector.engine
    functions = sharesLanes ? Line() : special
    elementwise = sharesLanes ? vector + special : vector
    expansions = fit.expansions(machine)
    m = fit(\.productRows)
    tilings = Self.tilings(operation.kind, machine)
    written = fit(\.writtenBytes)
    compulsory = fit(\.writtenBytes) + fit(\.persistentBytes)
    let isFused = machine.kernels[Int(operation.id.rawValue)].isFused
    activations = isFused ? Line() : fit(\.passingBytes)
  }

  /// Whether one layer of it costs what one of another costs at any number of rows.
  func costsTheSame(as other: LinearOperation) -> Bool {
    var other = other
    other.repeats = repeats
    return self == other
  }

  private static func tilings(_ kind: Operation.Kind, _ machine: Machine) -> [Tiling] {
    guard case .matmul(_, let n, let k, _) = kind else { return [] }
    return machine.costed.map { level in
      let into = level.position > 0 ? machine.levels[level.position - 1] : nil
      return Tiling(columns: n, depth: k, into: into)
    }
  }
}

extension Cost {
  /// Adds an operation's longest term and its bytes; what is linear, or follows from the bytes, is added by
  /// `LinearPart` for all operations at once.
  @inline(__always)
  mutating func add(
    _ operation: borrowing LinearOperation, _ rows: StepRows, on machine: Machine,
    _ levels: borrowing [Machine.CostedLevel], home: Int
  ) {
    let rows = operation.usesLogitRows ? rows.logits : rows.tokens
    var longest = OperationCost.Longest()
    let m = operation.m.at(rows)
    let products = operation.products.at(rows)
    longest.add(Seconds(products), .matrix)
    longest.add(Seconds(operation.functions.at(rows)), .special)
    let elementwise = operation.elementwise.at(rows)
    let shared = operation.productsAreOnLanes ? products : 0
    var limiter = shared > elementwise ? Limiter.matrix : .vector
    var lanes = shared + elementwise
    if let line = operation.expansions {
      let expansions = line.at(rows) * max(1, m / machine.fixed.expansionRows)
      let expanding = expansions * machine.vector.achieved.value
      if expanding > max(shared, elementwise) { limiter = .dequantisation }
      lanes += expanding
      expanded += FLOPs(operation.repeats * expansions)
    }
    longest.add(Seconds(lanes), limiter)

    let compulsory = operation.compulsory.at(rows)
    let written = operation.written.at(rows)
    let activations = operation.activations.at(rows)
    let isTiled = m > machine.smallestTile
    for index in levels.indices {
      let position = levels[index].position
      var bytes = position <= home ? compulsory : written
      if activations > levels[index].keptNearer.value { bytes += activations }
      if isTiled { bytes *= operation.tilings[index].reloads(rows: m) }
      longest.add(Seconds(bytes * levels[index].achieved.value), .level(position))
      levelBytes[position] += Bytes(operation.repeats * bytes)
    }
    limited[longest.limiter.slot] += operation.repeats * longest.time
    expected += operation.repeats * longest.time
  }
}
