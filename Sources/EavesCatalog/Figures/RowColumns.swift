public import Eaves

/// The numbers that expressions may read from a result row, by the name of the column.
///
/// The catalogue knows no reports: who has both hands it the columns.
public struct RowColumns: Sendable {
  /// What a column of a row holds.
  public enum Value: Sendable, Equatable {
    case number(Double)
    case text
    case missing
  }

  /// The names, in the order of the report.
  public let names: [String]
  let read: @Sendable (String, ResultRow) -> Value

  /// Columns by name, and how one is read from a row.
  public init(
    names: [String], read: @escaping @Sendable (String, ResultRow) -> Value
  ) {
    self.names = names
    self.read = read
  }
}
