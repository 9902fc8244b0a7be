import Quantities

/// One operation with lines drawn through its counts.
struct LineFit {
  /// One count of an operation: a function, for Swift 6.3 misreads key paths into an `InlineArray` in release
  /// builds.
  typealias Count = @Sendable (Operation) -> Double

  let operation: Operation
  let usesLogitRows: Bool
  /// The operation as a few steps have it, and the rows of those steps.
  private let samples: [Operation]
  private let rows: [Double]
  /// Which step the line is drawn to, from the first.
  private let second: Int

  /// The line of a count that was checked to be one.
  func callAsFunction(_ count: Count) -> Line { line(count) ?? Line() }

  /// The lines of the bytes by role.
  var roles: [Line] { Operation.roleCounts.map { self($0) } }

  /// The line of lane operations that expand weights, where there are any.
  func expansions(_ machine: Machine) -> Line? {
    guard operation.hasExpansions, let line = line({ $0.storedExpansions(machine).weights }),
      line.start != 0 || line.slope != 0
    else { return nil }
    return line
  }

  /// The line through the first and the `second` sample; `nil` where another lies off it.
  private func line(_ count: Count) -> Line? {
    let values = samples.map(count)
    let slope = (values[second] - values[0]) / (rows[second] - rows[0])
    let line = Line(start: values[0] - slope * rows[0], slope: slope)
    let fits = zip(values, rows).allSatisfy { value, row in
      abs(line.at(row) - value) <= 1e-9 * max(1, abs(value))
    }
    return fits ? line : nil
  }

  /// The operations of a part of a model; `nil` where one of them is no line.
  static func all(of part: Emission.Part, _ kind: Model.Kind) -> [LineFit]? {
    let probes = probes(kind)
    let emitted = probes.map { Self.emitted(part, $0) }
    guard let count = emitted.first?.count, emitted.allSatisfy({ $0.count == count }) else {
      return nil
    }
    let rows = probes.map { StepRows($0, kind) }
    var fits: [LineFit] = []
    for index in 0..<count {
      guard let fit = LineFit(emitted.map { $0[index] }, rows) else { return nil }
      fits.append(fit)
    }
    return fits
  }

  /// Lines in token rows or else in logit rows; `nil` where a count is neither.
  private init?(_ samples: [Operation], _ rows: [StepRows]) {
    guard samples[0].isLinearKind else { return nil }
    // The second probe differs from the first in token rows, the third in logit rows too.
    let byTokens = LineFit(samples, rows.map(\.tokens), second: 1, usesLogitRows: false)
    let byLogits = LineFit(samples, rows.map(\.logits), second: 2, usesLogitRows: true)
    guard let fit = [byTokens, byLogits].first(where: { $0.fits }) else { return nil }
    self = fit
  }

  private init(_ samples: [Operation], _ rows: [Double], second: Int, usesLogitRows: Bool) {
    operation = samples[0]
    self.usesLogitRows = usesLogitRows
    self.samples = samples
    self.rows = rows
    self.second = second
  }

  private var fits: Bool { Operation.linearCounts.allSatisfy { line($0) != nil } }

  /// Steps to draw lines through, and one to check them.
  ///
  /// All else differs between them, so that what depends on more than rows is found out.
  private static func probes(_ kind: Model.Kind) -> [Step] {
    [(1, 1, 0, 1), (1, 2, 3, 1), (2, 1, 5, 1), (3, 5, 11, 2)].map { batch, new, cached, logits in
      kind == .encoder
        ? Step.encode(new, batch: batch)
        : Step(newTokens: new, cachedTokens: cached, logitTokens: logits, batch: batch)
    }
  }

  private static func emitted(_ part: Emission.Part, _ step: Step) -> [Operation] {
    var buffer = OperationBuffer()
    Emission([part]).emit(step, into: &buffer)
    return buffer.operations
  }
}

extension Operation {
  /// Counts that must be lines for an operation to be one.
  fileprivate static let linearCounts: [LineFit.Count] =
    [
      \.work.matrix.value, \.work.executedMatrix.value, \.work.vector.value, \.work.special.value,
      \.productRows, \.persistentBytes, \.writtenBytes, \.passingBytes,
    ] + roleCounts

  /// Bytes by role.
  static let roleCounts: [LineFit.Count] = Operand.Role.allCases.map { role in
    { $0.bytes[role].value }
  }

  /// Rows of a plain product; 0 for anything else.
  var productRows: Double {
    if case .matmul(let m, _, _, _) = kind { m } else { 0 }
  }

  var persistentBytes: Double { (bytes[.weights] + bytes.cached).value }
  var writtenBytes: Double { bytes.written.value }
  var passingBytes: Double { bytes.activations.value }

  /// Whether the shape itself does not change with the step but for rows.
  fileprivate var isLinearKind: Bool {
    guard rereadBytes == .zero, link == nil else { return false }
    return switch kind {
    // Attention has shares of a peak of its own, and its pairs are no line.
    case .attention: false
    case .matmul(_, _, _, let count): count == 1
    case .pointwise, .reduction, .gather, .scan, .convolution, .collective:
      bytes[.cacheRead] == .zero
    }
  }
}
