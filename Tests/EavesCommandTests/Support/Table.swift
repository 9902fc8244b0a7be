import Foundation
import Testing

/// A result in CSV, read by a reader of our own.
struct Table {
  let columns: [String]
  let rows: [[String: String]]

  /// Reads RFC 4180 text; every line must have as many cells as the header.
  init(csv text: String, sourceLocation place: SourceLocation = #_sourceLocation) throws {
    var lines = Self.records(of: text)
    let header = try #require(lines.first, sourceLocation: place)
    columns = header
    lines.removeFirst()
    #expect(lines.allSatisfy { $0.count == header.count }, sourceLocation: place)
    rows = lines.map { Dictionary(zip(header, $0)) { first, _ in first } }
  }

  private static func records(of text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var cell = ""
    var isQuoted = false
    var wasQuoted = false
    for character in text {
      switch character {
      case "\"":
        // A quote inside quotes is written twice: the second one opens the quotes again.
        if wasQuoted, !isQuoted { cell.append("\"") }
        isQuoted.toggle()
        wasQuoted = true
      case "," where !isQuoted:
        record.append(cell)
        (cell, wasQuoted) = ("", false)
      case "\n" where !isQuoted:
        records.append(record + [cell])
        (record, cell, wasQuoted) = ([], "", false)
      default: cell.append(character)
      }
    }
    return records
  }
}

/// A result in JSON: `{"provenance": …, "rows": […]}`.
struct Document {
  let provenance: [String: Any]
  let rows: [[String: Any]]
  /// The names of the first row in the order in which they stand there.
  let columns: [String]

  init(_ outcome: Outcome, sourceLocation place: SourceLocation = #_sourceLocation) throws {
    let object = try JSONSerialization.jsonObject(with: outcome.bytes)
    let document = try #require(object as? [String: Any], sourceLocation: place)
    #expect(document.keys.sorted() == ["provenance", "rows"], sourceLocation: place)
    provenance = document["provenance"] as? [String: Any] ?? [:]
    rows = try #require(document["rows"] as? [[String: Any]], sourceLocation: place)
    let line = outcome.lines.first { $0.hasPrefix("{\"") && !$0.hasPrefix("{\"provenance") }
    columns = keys(ofObject: line ?? "")
  }

  /// A number of a row.
  func number(_ row: Int, _ column: String) throws -> Double {
    try #require(rows[row][column] as? NSNumber, "\(column)").doubleValue
  }
}

/// The keys of an object without objects inside, in order.
func keys(ofObject text: String) -> [String] {
  text.matches(of: /[{,]"([a-z0-9_]+)":/).map { String($0.output.1) }
}
