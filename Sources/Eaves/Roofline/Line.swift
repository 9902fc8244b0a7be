/// A count that is a straight line in the rows of a step.
struct Line: Sendable, Equatable {
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

/// The two numbers of rows that counts of a step are lines in.
struct StepRows: Sendable {
  /// Token rows (b·S).
  let tokens: Double
  /// Rows whose logits are wanted; an encoder's pooler has a row for each sequence.
  let logits: Double

  init(_ step: Step, _ kind: Model.Kind) {
    tokens = Double(step.rows)
    logits = Double(kind == .encoder ? step.batch : step.batch * step.logitTokens)
  }
}

/// A count summed over operations, some of them lines in token rows, some in logit rows.
struct Plane: Sendable {
  private var start = 0.0
  private var byTokens = 0.0
  private var byLogits = 0.0

  @inline(__always)
  func at(_ rows: StepRows) -> Double {
    start + byTokens * rows.tokens + byLogits * rows.logits
  }

  mutating func add(_ line: Line, usesLogitRows: Bool) {
    start += line.start
    if usesLogitRows { byLogits += line.slope } else { byTokens += line.slope }
  }
}
