public import Eaves

/// Published figures of quality, asked by configuration; never two tables in one comparison.
public struct QualityEvidence: Sendable {
  /// Every figure, in the order of the file.
  public let records: [QualityRecord]

  /// Evidence from the rows of a table.
  public init(_ records: [QualityRecord]) { self.records = records }

  /// Quality lost by a figure against the baseline of its own table; `nil` where the table has none.
  public func loss(_ record: QualityRecord) -> Double? {
    if record.isBaseline { return 0 }
    let baseline = records.first {
      $0.isBaseline && $0.table == record.table && $0.model == record.model
        && $0.axis == record.axis
    }
    return baseline.flatMap { record.table.loss(record.result, against: $0.result) }
  }

  /// The figures of one model along one option.
  public func records(of model: String, axis: String, value: String? = nil) -> [QualityRecord] {
    records.filter { record in
      let subject = axis == "model" ? record.value : record.model
      return record.axis == axis && subject == model && (value == nil || record.value == value)
    }
  }

  /// The one table by which values of an option may be compared for a model: that which knows most of them,
  /// with a baseline; the first of several.
  /// - Parameters:
  ///   - model: the model's id.
  ///   - axis: the option.
  ///   - values: what is compared, as result rows spell it.
  /// - Returns: the table; `nil` where none knows two of them.
  public func table(for model: String, axis: String, values: [String]) -> QualityTable? {
    let known = records(of: model, axis: axis).filter { values.contains($0.value) }
    var best: (table: QualityTable, count: Int)?
    for record in known where loss(record) != nil {
      let values = Set(known.filter { $0.table == record.table }.map(\.value))
      if values.count > best?.count ?? 1 { best = (record.table, values.count) }
    }
    return best?.table
  }

  /// What is published of one choice.
  /// - Parameters:
  ///   - model: the model's id.
  ///   - axis: the option, or `model` for what is published of a student.
  ///   - value: what it is set to.
  ///   - table: the only table that may answer; `nil` for any.
  /// - Returns: the statement; `nil` where nothing is published.
  public func statement(
    of model: String, axis: String, value: String, in table: QualityTable? = nil
  ) -> QualityStatement? {
    let all = records(of: model, axis: axis, value: value)
    guard !all.isEmpty else { return nil }
    let answering = table ?? (all.first { loss($0) != nil } ?? all[0]).table
    let known = all.filter { $0.table == answering }
    let others = Set(all.map(\.table)).subtracting([answering]).map(\.description).sorted()
    guard let first = known.first else {
      let elsewhere = "none in the table compared by; another: \(others.joined(separator: "; "))"
      return QualityStatement(loss: nil, evidence: elsewhere)
    }
    // Methods differ, the format is the same: round-to-nearest is what the format does by itself.
    let plain = known.first { $0.method == "RTN" } ?? first
    let more = known.filter { $0 != plain }.map { "\($0.method) \(Self.figure($0, loss($0)))" }
    let method =
      plain.isBaseline || known.count == 1 && plain.method.isEmpty ? "" : "\(plain.method) "
    var text =
      "\(answering.metric.rawValue) \(method)\(Self.figure(plain, loss(plain)))"
      + (more.isEmpty ? "" : ", " + more.joined(separator: ", "))
      + " (\(answering.description)"
    if axis == "model" { text += ", against \(plain.model)" }
    if known.contains(where: { !$0.isVerified }) { text += ", unverified" }
    text += ")"
    if table == nil, !others.isEmpty { text += "; also \(others.joined(separator: "; "))" }
    return QualityStatement(loss: loss(plain), evidence: text)
  }

  private static func figure(_ record: QualityRecord, _ loss: Double?) -> String {
    if record.isBaseline { return "\(record.printed), the baseline" }
    guard let loss else { return "\(record.printed), without a baseline" }
    guard record.table.metric != .divergence else { return record.printed }
    return "\(record.printed) (\(percent(record.table.metric == .score ? -loss : loss)))"
  }

  /// A share in per cent with a sign and two digits behind the point at most.
  static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let size = abs(hundredths)
    let rest = size % 100
    let digits =
      rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest < 10 ? "0" : "")\(rest)"
    return "\(hundredths < 0 ? "−" : "+")\(size / 100)\(digits) %"
  }
}
