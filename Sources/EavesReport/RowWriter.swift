/// Writes rows in one format, one at a time, so that a sweep of any length needs the memory of a line.
///
/// `begin`, then `row` for each row, then `end`. Each call appends to a buffer that the caller empties
/// into a file when it likes. Workers that share a document have a writer each and call only `row`;
/// the first of them also calls `begin`. The format `table` is for people: its columns are as wide as
/// their widest cell, so it keeps the rows and writes everything at `end`.
public struct RowWriter<Row>: ~Copyable {
  private let columns: [Column<Row>]
  private let syntax: Syntax
  private let putCells: Cells
  private var lines: LineFormatter
  private var table: TextTable?
  private var isFirst = false

  /// Reads some cells of a row and hands them to the line.
  private typealias Cells = @Sendable (borrowing Row, inout LineFormatter) -> Void

  /// A writer of rows.
  /// - Parameters:
  ///   - format: How rows are written.
  ///   - columns: What is written of a row, in this order.
  ///   - provenance: Where the figures come from; only JSON has room for it.
  public init(
    _ format: OutputFormat, columns: [Column<Row>], provenance: Provenance? = nil
  ) {
    self.columns = columns
    let names = columns.map { $0.name }
    let alignments = columns.map { $0.alignment }
    switch format {
    case .table:
      syntax = Syntax { _, _ in }
      table = TextTable(names, alignments)
    case .csv: syntax = .csv(names)
    case .json: syntax = .json(names, provenance: provenance)
    case .ndjson: syntax = .ndjson(names)
    case .markdown: syntax = .markdown(names, alignments)
    }
    lines = LineFormatter(syntax)
    putCells = Self.cells(of: columns, in: columns.indices)
  }

  /// Appends what comes before the first row.
  /// - Parameter buffer: Where the bytes go.
  public mutating func begin(into buffer: inout ByteBuffer) {
    buffer.append(syntax.head)
    isFirst = true
  }

  /// Appends one row.
  /// - Parameters:
  ///   - row: The row.
  ///   - buffer: Where the bytes go.
  public mutating func row(_ row: borrowing Row, into buffer: inout ByteBuffer) {
    guard table == nil else { return collect(row) }
    if !isFirst { buffer.append(syntax.separator) }
    isFirst = false
    putCells(row, &lines)
    lines.finish(into: &buffer)
  }

  /// Appends what comes after the last row.
  /// - Parameter buffer: Where the bytes go.
  public mutating func end(into buffer: inout ByteBuffer) {
    table?.write(into: &buffer)
    buffer.append(syntax.tail)
  }

  private mutating func collect(_ row: borrowing Row) {
    for column in columns { table?.append(column.text(of: column.value(row))) }
  }

  /// All columns as one function: a tree of closures, each holding the two below it.
  ///
  /// A loop over the array would retain and release every closure for every row, which costs as much
  /// as all else together where no cell changes.
  private static func cells(of columns: [Column<Row>], in range: Range<Int>) -> Cells {
    let first = range.lowerBound
    switch range.count {
    case 0: return { _, _ in }
    case 1:
      let put = columns[first].put
      return { row, lines in put(row, first, &lines) }
    case 4:
      let (a, b) = (columns[first].put, columns[first + 1].put)
      let (c, d) = (columns[first + 2].put, columns[first + 3].put)
      return { row, lines in
        a(row, first, &lines)
        b(row, first + 1, &lines)
        c(row, first + 2, &lines)
        d(row, first + 3, &lines)
      }
    default:
      let half = range.count > 4 ? (range.count / 2 + 3) / 4 * 4 : 1
      let left = cells(of: columns, in: first..<(first + half))
      let right = cells(of: columns, in: (first + half)..<range.upperBound)
      return { row, lines in
        left(row, &lines)
        right(row, &lines)
      }
    }
  }
}

extension OutputFormat {
  /// All rows as one document.
  /// - Parameters:
  ///   - rows: The rows.
  ///   - columns: What is written of a row, in this order.
  ///   - provenance: Where the figures come from; only JSON has room for it.
  /// - Returns: The document.
  public func document<Row>(
    of rows: some Sequence<Row>, columns: [Column<Row>], provenance: Provenance? = nil
  ) -> ByteBuffer {
    var buffer = ByteBuffer()
    var writer = RowWriter(self, columns: columns, provenance: provenance)
    writer.begin(into: &buffer)
    for row in rows { writer.row(row, into: &buffer) }
    writer.end(into: &buffer)
    return buffer
  }
}
