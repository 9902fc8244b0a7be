/// The cross product of axes, in the order of `Option.allCases`: the last axis varies fastest.
///
/// What needs compiling (model, chip, formats …) is the outer loop, what only changes the step (phase, batch,
/// context …) the inner one, whatever the order in which a user wrote the axes.
public struct Grid: Sendable {
  /// Every axis, outer ones first.
  public let axes: [Axis]

  /// A grid; an option that appears twice keeps its last values.
  public init(_ axes: [Axis]) {
    self.axes = Option.allCases.compactMap { option in axes.last { $0.option == option } }
  }

  /// How many configurations there are; `Int.max` where no `Int` holds the number.
  public var count: Int {
    axes.reduce(1) { count, axis in
      let (product, overflows) = count.multipliedReportingOverflow(by: axis.values.count)
      return overflows ? .max : product
    }
  }

  /// The most configurations that a sweep takes: a million a second for twelve days.
  public static let largestCount = 1_000_000_000_000

  /// Axes that need compiling.
  public var outer: Grid { Grid(axes.filter { !$0.option.isStepOption }) }

  /// Axes of the step.
  public var inner: Grid { Grid(axes.filter { $0.option.isStepOption }) }

  /// Calls `body` with the values of each configuration.
  public func forEach<Failure: Error>(
    _ body: ([Option: String]) throws(Failure) -> Void
  ) throws(Failure) {
    var digits = Array(repeating: 0, count: axes.count)
    guard axes.allSatisfy({ !$0.values.isEmpty }) else { return }
    while true {
      var values: [Option: String] = [:]
      for (axis, digit) in zip(axes, digits) { values[axis.option] = axis.values[digit] }
      try body(values)
      var place = axes.count - 1
      while place >= 0 {
        digits[place] += 1
        if digits[place] < axes[place].values.count { break }
        digits[place] = 0
        place -= 1
      }
      if place < 0 { return }
    }
  }
}
