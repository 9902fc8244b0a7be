import Quantities

/// A count that is a straight line in the rows of a step.
struct Line: Sendable {
  var start = 0.0
  var slope = 0.0

  @inline(__always)
  func at(_ rows: Double) -> Double { start + slope * rows }

  /// Whether it is nowhere below another, from no rows on.
  func covers(_ other: Line) -> Bool { start >= other.start && slope >= other.slope }

  static func + (left: Line, right: Line) -> Line {
    Line(start: left.start + right.start, slope: left.slope + right.slope)
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
}

extension Cost {
  /// Adds an operation's longest term and its bytes; what is linear, or follows from the bytes, is added by
  /// `LinearPart` for all operations at once.
  @inline(__always)
  mutating func add(
    _ operation: borrowing LinearOperation, rows: Double, on machine: Machine,
    _ levels: borrowing [Machine.CostedLevel], home: Int
  ) {
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
