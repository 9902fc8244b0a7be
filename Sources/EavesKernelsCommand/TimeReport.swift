import EavesKernels

/// The summary of `validate kernels`, for people.
enum TimeReport {
  /// Families whose time is bytes from beyond the nearest cache; all others are arithmetic or stay in caches.
  private static let streaming: Set<String> = [
    "gemv", "gemv-lanes", "gemv-int8", "attention-decode", "attention-decode-blas", "mla-absorbed",
  ]

  static func lines(_ comparisons: [TimeComparison]) -> [String] {
    guard !comparisons.isEmpty else { return [] }
    let inside = comparisons.filter { !$0.isAtEdge }
    let families = comparisons.map(\.family).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var sets: [(String, [TimeComparison])] = families.map { family in
      (family, inside.filter { $0.family == family })
    }
    sets += [
      ("compute-bound and in-cache", inside.filter { !streaming.contains($0.family) }),
      ("decode and gemv", inside.filter { streaming.contains($0.family) }),
      ("all", inside),
      ("all held out", inside.filter(\.isHeldOut)),
      ("at a cache edge", comparisons.filter(\.isAtEdge)),
    ]
    var lines = [row("family", "points", "mean", "median", "p90", "bias")]
    for (name, set) in sets {
      guard let summary = TimeSummary(name, set) else { continue }
      lines.append(
        row(
          name, "\(summary.count)", percent(summary.mean), percent(summary.median),
          percent(summary.ninetieth), (summary.bias < 0 ? "-" : "+") + percent(abs(summary.bias))))
    }
    let unknown = comparisons.filter { $0.predicted == nil }.count
    if unknown > 0 { lines.append("\(unknown) not predicted: the profile lacks pieces") }
    let faster = comparisons.filter { $0.respectsLowerBound == false }
    lines.append("faster than the lower bound beyond the spread: \(faster.count)")
    return lines
  }

  private static func row(_ cells: String...) -> String {
    let widths = [28, 8, 9, 9, 9, 9]
    return zip(cells, widths).enumerated().map { index, cell in
      let pad = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 ? cell.0 + pad : pad + cell.0
    }.joined()
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
