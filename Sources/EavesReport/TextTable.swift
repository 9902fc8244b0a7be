/// The table for people: all rows are known before the first line, so columns are as wide as needed.
struct TextTable {
  private let alignments: [ColumnAlignment]
  private var cells: [String]
  private var widths: [Int]

  /// A table with a header and no rows.
  init(_ names: [String], _ alignments: [ColumnAlignment]) {
    self.alignments = alignments
    cells = names.map(printable)
    widths = cells.map(\.count)
  }

  /// Adds the next cell of the row.
  mutating func append(_ cell: String) {
    let column = cells.count % widths.count
    widths[column] = max(widths[column], cell.count)
    cells.append(cell)
  }

  /// Writes the header and the rows.
  func write(into buffer: inout ByteBuffer) {
    for (index, cell) in cells.enumerated() {
      let column = index % widths.count
      let isLast = column == widths.count - 1
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      if alignments[column] == .right { buffer.append(padding) }
      buffer.append(cell)
      if alignments[column] == .left, !isLast { buffer.append(padding) }
      buffer.append(isLast ? "\n" : "  ")
    }
  }
}

/// A text without control characters, which would break the lines or steer the terminal.
func printable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
}
