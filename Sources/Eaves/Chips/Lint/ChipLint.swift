/// A rule that the figures of a chip profile keep among themselves (`eaves chips check`).
///
/// A rule is a file in this folder and a line in `all`. The rules are what data sheets and their copies
/// break most often, and what the evaluator's tables ask for.
public struct ChipLint: Sendable {
  /// Its name in findings ("bandwidth-monotone").
  public let id: String
  /// What it asks for, in one line.
  public let summary: String
  let check: @Sendable (Chip, inout LintReport) -> Void

  init(
    _ id: String, _ summary: String, check: @escaping @Sendable (Chip, inout LintReport) -> Void
  ) {
    self.id = id
    self.summary = summary
    self.check = check
  }

  /// How far two figures for one thing may lie apart: published figures are rounded.
  static let tolerance = 0.03

  /// Every rule, in the order of its findings.
  public static let all: [ChipLint] = [
    distinctNames, tableSizes, clocks, powerModes, sources, recalled, capacities, bandwidths,
    dataRate, rateRatios, ratePerClock, sparsity, accumulators, powerOrder, measurements, missing,
    verification,
  ]
}

extension Chip {
  /// What the lints say about the profile: contradictions, then what it lacks, then what is unverified.
  public func findings() -> [Finding] {
    var report = LintReport(on: self)
    for lint in ChipLint.all {
      report.lint = lint.id
      lint.check(self, &report)
    }
    return report.findings
  }
}

extension Remark {
  /// Whether it says which of two figures is believed: such a note excuses what it is `about`.
  public var isConflict: Bool { text.hasPrefix("Conflict:") }
}
