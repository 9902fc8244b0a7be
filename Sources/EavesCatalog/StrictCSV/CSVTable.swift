/// A CSV file whose header names the columns, in any order.
public struct CSVTable: Sendable {
  /// The file, for messages.
  public let file: String
  private let records: [[CSVField]]
  private let indexes: [String: Int]

  /// Reads a table.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  ///   - required: Columns that must be there.
  ///   - optional: Columns that may be there.
  /// - Throws: `DataError` where the file is no strict CSV, where the header names a column twice, one that
  ///   is not known, or lacks one, and where a record has more or fewer fields than the header.
  public init(
    parsing bytes: [UInt8], file: String, required: [String], optional: [String] = []
  ) throws(DataError) {
    let all = try CSVParser.parse(bytes, file: file)
    guard let header = all.first else {
      throw DataError(
        file: file, "is empty",
        remedy: "write a header line with \(required.joined(separator: ","))")
    }
    var indexes: [String: Int] = [:]
    for (index, field) in header.enumerated() {
      guard required.contains(field.text) || optional.contains(field.text) else {
        throw DataError(
          file: file, at: field.position, field: "header",
          "there is no column \(quoted(field.text))",
          remedy: Suggestion.question(field.text, among: required + optional)
            ?? "the columns are \((required + optional).joined(separator: ", "))")
      }
      guard indexes.updateValue(index, forKey: field.text) == nil else {
        throw DataError(
          file: file, at: field.position, field: "header",
          "the column \(quoted(field.text)) stands twice", remedy: "remove one")
      }
    }
    for name in required where indexes[name] == nil {
      throw DataError(
        file: file, at: TextPosition(line: 1, column: 1), field: "header",
        "the column \(quoted(name)) is missing",
        remedy: "the columns \(required.joined(separator: ", ")) must be there")
    }
    for record in all.dropFirst() where record.count != header.count {
      throw DataError(
        file: file, at: record[0].position,
        "has \(record.count) \(record.count == 1 ? "field" : "fields"), the header "
          + "\(header.count)",
        remedy: "put a field with commas in double quotes, and remove empty lines")
    }
    self.file = file
    self.indexes = indexes
    records = Array(all.dropFirst())
  }

  /// The records after the header.
  public var rows: [Row] { records.map { Row(table: self, fields: $0) } }

  /// One record.
  public struct Row: Sendable {
    fileprivate let table: CSVTable
    fileprivate let fields: [CSVField]

    /// The file, for messages.
    public var file: String { table.file }

    /// The field of a column; nil where the column is left out of the file.
    public subscript(name: String) -> CSVField? { table.indexes[name].map { fields[$0] } }

    /// The text of a column; empty where the column is left out of the file.
    public func text(_ name: String) -> String { self[name]?.text ?? "" }

    /// An error at the field of a column.
    public func error(_ name: String, _ problem: String, remedy: String) -> DataError {
      DataError(
        file: table.file, at: self[name]?.position ?? fields[0].position, field: name, problem,
        remedy: remedy)
    }
  }
}
