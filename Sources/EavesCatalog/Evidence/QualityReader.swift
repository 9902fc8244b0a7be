import Eaves

/// Reads tables of published quality (docs/validation.md).
public enum QualityReader {
  /// Columns that must be there.
  public static let required = [
    "id", "axis", "value", "model", "generation", "result", "metric", "baseline", "source",
    "verified",
  ]
  /// Columns that may be left out.
  public static let optional = ["method", "bits_per_weight", "dataset", "context_tokens", "note"]

  private static let axes = ["weights", "kv", "cache", "attention", "pattern", "sparsity", "model"]

  /// Reads a whole file.
  /// - Parameters:
  ///   - bytes: The file.
  ///   - file: Its name in messages.
  /// - Returns: The figures in the order of the file.
  /// - Throws: `DataError` naming line, column, value and remedy.
  public static func read(_ bytes: [UInt8], file: String) throws(DataError) -> [QualityRecord] {
    let table = try CSVTable(parsing: bytes, file: file, required: required, optional: optional)
    var records: [QualityRecord] = []
    var ids: Set<String> = []
    var baselines: Set<Baseline> = []
    for row in table.rows {
      let record = try record(row)
      guard ids.insert(record.id).inserted else {
        throw row.error(
          "id", "\(quoted(record.id)) stands twice", remedy: "give each figure an id of its own")
      }
      let key = Baseline(table: record.table, model: record.model, axis: record.axis)
      guard !record.isBaseline || baselines.insert(key).inserted else {
        throw row.error(
          "baseline", "\(quoted(record.model)) has two baselines in the same table",
          remedy: "write false for one of them")
      }
      records.append(record)
    }
    return records
  }

  private struct Baseline: Hashable {
    let table: QualityTable
    let model: String
    let axis: String
  }

  private static func record(_ row: CSVTable.Row) throws(DataError) -> QualityRecord {
    let axis = try word("axis", row, among: axes)
    let metric = try word("metric", row, among: QualityTable.Metric.allCases.map(\.rawValue))
    return QualityRecord(
      id: try text("id", row), axis: axis, value: try text("value", row),
      model: try text("model", row), method: row.text("method"),
      bitsPerWeight: row.text("bits_per_weight").isEmpty
        ? nil : try number("bits_per_weight", row, in: 0.1...64),
      result: try number("result", row, in: 0...1e9), printed: row.text("result"),
      table: QualityTable(
        source: try text("source", row), generation: try text("generation", row),
        dataset: row.text("dataset"),
        context: row.text("context_tokens").isEmpty
          ? nil : Int(try number("context_tokens", row, in: 1...1e9)),
        metric: QualityTable.Metric(rawValue: metric) ?? .perplexity),
      isBaseline: try truth("baseline", row), isVerified: try truth("verified", row),
      note: row.text("note"))
  }

  private static func text(_ name: String, _ row: CSVTable.Row) throws(DataError) -> String {
    let text = row.text(name)
    guard !text.isEmpty else { throw row.error(name, "is empty", remedy: "write a name") }
    return text
  }

  private static func number(
    _ name: String, _ row: CSVTable.Row, in range: ClosedRange<Double>
  ) throws(DataError) -> Double {
    guard let value = Double(row.text(name)), range.contains(value) else {
      throw row.error(
        name,
        "\(quoted(row.text(name))) is no number from \(range.lowerBound) to \(range.upperBound)",
        remedy: "write a bare number")
    }
    return value
  }

  private static func truth(_ name: String, _ row: CSVTable.Row) throws(DataError) -> Bool {
    try word(name, row, among: ["true", "false"]) == "true"
  }

  private static func word(
    _ name: String, _ row: CSVTable.Row, among words: [String]
  ) throws(DataError) -> String {
    let text = row.text(name)
    guard words.contains(text) else {
      throw row.error(
        name, "\(quoted(text)) is none of \(words.joined(separator: ", "))",
        remedy: Suggestion.question(text, among: words) ?? "write one of them")
    }
    return text
  }
}
