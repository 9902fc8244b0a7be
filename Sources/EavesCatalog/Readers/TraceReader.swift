import Eaves

/// Reads recorded traces of experts: a CSV file with the columns `layer`, `token` and `experts`.
///
/// One row a token and layer; `experts` are numbers from 0, joined by plus signs: `3+7`.
enum TraceReader {
  /// The largest number of a layer or an expert.
  private static let most = 1 << 16

  /// Reads a whole trace: rows in any order of layers, the tokens of a layer ascending.
  /// - Throws: `DataError` naming line, column, value and remedy.
  static func read(_ bytes: [UInt8], file: String) throws(DataError) -> ExpertTrace {
    let table = try CSVTable(
      parsing: bytes, file: file, required: ["layer", "token", "experts"])
    var layers: [Int: [[Int]]] = [:]
    var last: [Int: Int] = [:]
    var count: Int?
    for row in table.rows {
      let layer = try number("layer", row)
      let token = try number("token", row, below: .max)
      if let before = last[layer], token <= before {
        throw row.error(
          "token", "\(token) stands after \(before)", remedy: "sort the tokens of a layer")
      }
      last[layer] = token
      let experts = try experts(row)
      if let count, experts.count != count {
        throw row.error(
          "experts",
          "\(quoted(row.text("experts"))) are \(experts.count), rows before have \(count)",
          remedy: "write as many experts for each token")
      }
      count = experts.count
      layers[layer, default: []].append(experts)
    }
    let ordered = layers.keys.sorted().compactMap { layers[$0] }
    guard let trace = ExpertTrace(ordered) else {
      throw DataError(file: file, "has no tokens", remedy: "write a row for each token and layer")
    }
    return trace
  }

  private static func experts(_ row: CSVTable.Row) throws(DataError) -> [Int] {
    let text = row.text("experts")
    var experts: [Int] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      guard let expert = digits(part), expert < most, !experts.contains(expert) else {
        throw row.error(
          "experts", "\(quoted(text)) are no different experts",
          remedy: "write numbers from 0 to \(most - 1), such as 3+7")
      }
      experts.append(expert)
    }
    return experts
  }

  private static func number(
    _ column: String, _ row: CSVTable.Row, below limit: Int = most
  ) throws(DataError) -> Int {
    let text = row.text(column)
    guard let value = digits(text), value < limit else {
      throw row.error(column, "\(quoted(text)) is no number", remedy: "write a whole number from 0")
    }
    return value
  }

  private static func digits(_ text: some StringProtocol) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
