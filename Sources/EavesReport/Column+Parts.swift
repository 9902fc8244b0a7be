extension Column {
  /// The same column of something that has a row of this kind.
  /// - Parameter row: Where the row is.
  /// - Returns: The column, with the same name, unit and cells.
  public func of<Whole>(
    _ row: @escaping @Sendable (borrowing Whole) -> Row
  ) -> Column<Whole> {
    let (value, put) = (value, put)
    return Column<Whole>(
      name: name, unit: unit, alignment: alignment, display: display,
      value: { value(row($0)) },
      put: { whole, index, line in put(row(whole), index, &line) })
  }
}
