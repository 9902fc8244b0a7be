public import Quantities

extension Column {
  /// A column of amounts; the suffix of the name and the unit follow from the type of the amount.
  ///
  /// `.quantity("latency", \.latency)` is the column `latency_s` where `latency` is `Seconds`.
  /// - Parameters:
  ///   - stem: The name without the unit; the suffix alone is the name where the stem is empty.
  ///   - value: Reads the amount from a row; `nil` is a missing cell.
  /// - Returns: The column.
  @inlinable
  public static func quantity<Amount: Quantity>(
    _ stem: String, _ value: @escaping @Sendable (borrowing Row) -> Amount?
  ) -> Column {
    Column(
      name: Amount.notation.columnName(stem), unit: Amount.notation.unit, alignment: .right,
      display: { Amount($0).display },
      value: { Cell(value($0)?.value) },
      put: { row, index, line in line.put(value(row)?.value, at: index) })
  }

  /// A column of plain factors and shares (`mfu_ratio`).
  /// - Parameters:
  ///   - stem: The name without `_ratio`.
  ///   - value: Reads the factor from a row; `nil` is a missing cell.
  /// - Returns: The column.
  @inlinable
  public static func ratio(
    _ stem: String, _ value: @escaping @Sendable (borrowing Row) -> Double?
  ) -> Column {
    quantity(stem) { row in value(row).map { Ratio($0) } }
  }

  /// A column of counts (`batch`, `context_tokens`).
  /// - Parameters:
  ///   - name: The full name.
  ///   - value: Reads the count from a row; `nil` is a missing cell.
  /// - Returns: The column.
  @inlinable
  public static func integer(
    _ name: String, _ value: @escaping @Sendable (borrowing Row) -> Int?
  ) -> Column {
    Column(
      name: name, alignment: .right,
      value: { Cell(value($0)) },
      put: { row, index, line in line.put(value(row), at: index) })
  }

  /// A column of names or sentences.
  /// - Parameters:
  ///   - name: The full name.
  ///   - value: Reads the text from a row; `nil` is a missing cell.
  /// - Returns: The column.
  @inlinable
  public static func text(
    _ name: String, _ value: @escaping @Sendable (borrowing Row) -> String?
  ) -> Column {
    Column(
      name: name,
      value: { Cell(value($0)) },
      put: { row, index, line in line.put(value(row), at: index) })
  }

  /// A column of yes or no.
  /// - Parameters:
  ///   - name: The full name.
  ///   - value: Reads the answer from a row; `nil` is a missing cell.
  /// - Returns: The column.
  @inlinable
  public static func boolean(
    _ name: String, _ value: @escaping @Sendable (borrowing Row) -> Bool?
  ) -> Column {
    Column(
      name: name,
      value: { Cell(value($0)) },
      put: { row, index, line in line.put(value(row), at: index) })
  }
}

extension Notation {
  /// The name of a column of amounts of this kind: the stem and the suffix of the unit.
  @usableFromInline
  func columnName(_ stem: String) -> String {
    stem.isEmpty ? columnSuffix : "\(stem)_\(columnSuffix)"
  }

  /// The unit as the names of columns spell it: `s`, `bytes`, `flop_per_byte`, `tokens_per_s`.
  var columnSuffix: String {
    switch unit {
    case "": "ratio"
    case "B": "bytes"
    case "B/s": "bytes_per_s"
    case "T/s": "transfers_per_s"
    default:
      unit.split(separator: "/").map { $0 == "B" ? "byte" : $0.lowercased() }
        .joined(separator: "_per_")
    }
  }
}
