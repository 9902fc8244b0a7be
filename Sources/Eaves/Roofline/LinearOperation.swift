import Quantities

/// A count that is a straight line in the rows of a step.
struct Line: Sendable {
  var start = 0.0
  var slope = 0.0

  @inline(__always)
  func at(_ rows: Double) -> Double { start + slope * rows }

  static func += (left: inout Line, right: Line) {
    left.start += right.start
    left.slope += right.slope
  }

  static func * (line: Line, factor: Double) -> Line {
    Line(start: line.start * factor, slope: line.slope * factor)
  }
}

/// An operation whose every count is a straight line in the rows of the step: token rows (b·S), or the rows
/// whose logits are wanted.
///
/// Most operations of a model are. Nothing is written twice: the lines are drawn through what the emitter emits
/// for a few steps, checked at another, and turned into terms of time on one machine. Attention and experts are
/// no lines; they are emitted for every step.
struct LinearOperation: Sendable {
  let usesLogitRows: Bool
  let repeats: Double
  /// Seconds, as achieved, of products, of special functions on an engine of their own, and of the rest that
  /// shares the lanes.
  let products: Line
  let productsAreOnLanes: Bool
  let functions: Line
  let elementwise: Line
  /// Lane operations that expand weights for one tile of rows, where there are any.
  let expansions: Line
  let isExpanded: Bool
  /// Rows, columns, depth and copies of a product; no columns where it is none.
  let m: Line
  let columns: Int
  let depth: Int
  let copies: Double
  /// Bytes that are read where they live, that are new, and that pass between operations.
  let persistent: Line
  let written: Line
  let activations: Line
  let isFused: Bool
  let overhead: Double
}

extension Cost {
  /// Costs an operation and adds its times; counts that are linear are added by `LinearPart` for all at once.
  @inline(__always)
  mutating func add(
    _ operation: borrowing LinearOperation, rows: Double, on machine: Machine,
    _ levels: borrowing [Machine.CostedLevel], home: Int
  ) {
    var terms = OperationCost.Terms()
    let repeats = operation.repeats
    let products = operation.products.at(rows)
    var shared = 0.0
    if operation.productsAreOnLanes {
      shared = products
    } else {
      terms.add(Seconds(products), .matrix)
    }
    terms.add(Seconds(operation.functions.at(rows)), .special)
    let elementwise = operation.elementwise.at(rows)
    let m = operation.m.at(rows)
    var limiter = shared > elementwise ? Limiter.matrix : .vector
    var lanes = shared + elementwise
    if operation.isExpanded {
      let expansions = operation.expansions.at(rows) * max(1, m / machine.fixed.expansionRows)
      let expanding = expansions * machine.vector.achieved.value
      if expanding > max(shared, elementwise) { limiter = .dequantisation }
      lanes += expanding
      expanded += FLOPs(repeats * expansions)
    }
    terms.add(Seconds(lanes), limiter)

    let persistent = operation.persistent.at(rows)
    let written = operation.written.at(rows)
    let activations = operation.isFused ? 0 : operation.activations.at(rows)
    let isTiled = operation.columns > 0 && m > machine.smallestTile
    for index in levels.indices {
      let position = levels[index].position
      var bytes = written
      if activations > levels[index].keptNearer.value { bytes += activations }
      if position <= home { bytes += persistent }
      if isTiled, position > 0 {
        bytes *= Operation.reloads(
          m: m, n: operation.columns, k: operation.depth, count: operation.copies,
          into: machine.levels[position - 1])
      }
      terms.add(Seconds(bytes * levels[index].achieved.value), .level(position))
      levelBytes[position] += Bytes(repeats * bytes)
    }
    limited[terms.limiter.slot] += repeats * terms.longest
    limited[Limiter.overhead.slot] += Seconds(repeats * operation.overhead)
    expected += repeats * (terms.longest + Seconds(operation.overhead))
    upper += repeats * (terms.sum + Seconds(operation.overhead))
  }
}
