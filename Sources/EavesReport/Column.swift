public import Quantities

/// One column of a report: a name, a unit, and how to read the cell from a row.
///
/// Every output format reads the same columns, so that a figure is called the same and is the same
/// number everywhere. The `static` makers of `Column+Kinds.swift` derive the unit suffix of the name
/// from the type of the value.
public struct Column<Row>: Sendable {
  /// The name in the header, with the suffix of the unit (`latency_s`).
  public let name: String
  /// The base unit as people write it ("s"); empty for texts and counts.
  public let unit: String
  /// The side on which tables for people line the column up.
  public let alignment: ColumnAlignment
  /// Reads the cell from a row.
  public let value: @Sendable (borrowing Row) -> Cell
  /// Writes a number of this column for people.
  let display: @Sendable (Double) -> String
  /// Hands the cell to the line; the makers by kind go past `Cell`, which takes half the time.
  let put: Put

  /// Hands the cell of a row to the line, as the column of an index.
  @usableFromInline
  typealias Put = @Sendable (borrowing Row, Int, inout LineFormatter) -> Void

  /// Describes a column.
  /// - Parameters:
  ///   - name: The full name, with the suffix of the unit.
  ///   - unit: The base unit as people write it.
  ///   - alignment: The side on which tables line the column up.
  ///   - display: Writes a number for people; files never use it.
  ///   - value: Reads the cell from a row.
  public init(
    name: String, unit: String = "", alignment: ColumnAlignment = .left,
    display: @escaping @Sendable (Double) -> String = { significant($0) },
    value: @escaping @Sendable (borrowing Row) -> Cell
  ) {
    self.init(
      name: name, unit: unit, alignment: alignment, display: display, value: value,
      put: { row, index, line in line.put(value(row), at: index) })
  }

  @usableFromInline
  init(
    name: String, unit: String = "", alignment: ColumnAlignment = .left,
    display: @escaping @Sendable (Double) -> String = { significant($0) },
    value: @escaping @Sendable (borrowing Row) -> Cell,
    put: @escaping Put
  ) {
    self.name = name
    self.unit = unit
    self.alignment = alignment
    self.display = display
    self.value = value
    self.put = put
  }

  /// The cell of this column as people read it in a table.
  func text(of cell: Cell) -> String {
    switch cell {
    case .text(let text): printable(text)
    case .integer(let value): grouped(value)
    case .number(let value): value.isFinite ? display(value) : "-"
    case .boolean(let value): value ? "yes" : "no"
    case .missing: "-"
    }
  }
}

/// The side on which a column of a table is lined up.
public enum ColumnAlignment: Sendable {
  /// Texts.
  case left
  /// Numbers.
  case right
}
