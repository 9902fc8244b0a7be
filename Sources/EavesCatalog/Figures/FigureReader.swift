/// Reads tables of published figures (docs/validation.md).
public enum FigureReader {
  /// Columns that must be there.
  public static let required = [
    "id", "published", "unit", "expression", "tolerance_kind", "tolerance",
  ]
  /// Columns that may be left out.
  public static let optional = ["technique", "claim", "kind", "corrected", "note", "source"]

  /// Literals that may equal a published figure: powers of two and ten, which convert units.
  static let unitConversions: [Double] = [
    1, 2, 8, 100, 1e3, 1e6, 1e9, 1024, 1_048_576, 1_073_741_824,
  ]

  /// Reads a whole table.
  /// - Parameters:
  ///   - bytes: The file.
  ///   - file: Its name in messages.
  /// - Returns: The figures in the order of the file.
  /// - Throws: `DataError` naming line, column, value and remedy.
  public static func read(_ bytes: [UInt8], file: String) throws(DataError) -> [Figure] {
    let table = try CSVTable(
      parsing: bytes, file: file, required: required, optional: optional)
    var figures: [Figure] = []
    var ids: Set<String> = []
    for row in table.rows {
      let figure = try self.figure(row, file: file)
      guard ids.insert(figure.id).inserted else {
        throw row.error(
          "id", "\(quoted(figure.id)) stands twice", remedy: "give each figure an id of its own")
      }
      figures.append(figure)
    }
    guard !figures.isEmpty else {
      throw DataError(file: file, "has no figures", remedy: "write one a line")
    }
    return figures
  }

  private static func figure(_ row: CSVTable.Row, file: String) throws(DataError) -> Figure {
    guard let id = row["id"]?.text, !id.isEmpty else {
      throw row.error("id", "is empty", remedy: "write a name")
    }
    let tolerance = try self.tolerance(row)
    let kind = try self.kind(row, tolerance)
    let figure = Figure(
      id: id, technique: row.text("technique"), claim: row.text("claim"),
      published: try number("published", row), printed: row.text("published"),
      unit: row.text("unit"), expression: try expression(row, kind), tolerance: tolerance,
      kind: kind, corrected: try corrected(row, kind), note: row.text("note"),
      source: row.text("source"), file: file,
      field: row["expression"]
        ?? CSVField(text: "", position: TextPosition(line: 1, column: 1), isVerbatim: false))
    try requireComputed(figure, row)
    return figure
  }

  /// What is held must be computed: an expression without quantities, or with the published figure in it,
  /// quotes it.
  private static func requireComputed(
    _ figure: Figure, _ row: CSVTable.Row
  ) throws(DataError) {
    guard figure.kind != .reference, let expression = figure.expression else { return }
    guard !expression.terms.isEmpty else {
      throw row.error(
        "expression", "\(quoted(row.text("expression"))) computes nothing",
        remedy: "name a column or a quantity: kv_bytes_per_token{model=llama-2-7b}")
    }
    let quotable = [figure.published, figure.corrected].compactMap { $0 }
    for number in expression.numbers where quotable.contains(number) {
      guard unitConversions.contains(number) else {
        throw row.error(
          "expression",
          "\(quoted(figure.printed)) is the published figure itself",
          remedy: "compute it from a configuration")
      }
    }
  }

  private static func tolerance(_ row: CSVTable.Row) throws(DataError) -> FigureTolerance {
    let kind = row.text("tolerance_kind")
    switch kind {
    case "exact", "reference":
      guard ["", "0"].contains(row.text("tolerance")) else {
        throw row.error(
          "tolerance", "\(quoted(row.text("tolerance"))) with the kind \(kind)",
          remedy: "leave it empty, or write 0")
      }
      return kind == "exact" ? .exact : .reference
    case "relative", "absolute", "factor":
      let amount = try number("tolerance", row)
      guard amount > 0, kind != "factor" || amount >= 1 else {
        throw row.error(
          "tolerance", "\(quoted(row.text("tolerance"))) is no tolerance",
          remedy: kind == "factor" ? "write 1 or more: 1.5" : "write a number over 0")
      }
      return kind == "relative"
        ? .relative(amount) : kind == "absolute" ? .absolute(amount) : .factor(amount)
    default:
      throw row.error(
        "tolerance_kind", "\(quoted(kind)) is no kind of tolerance",
        remedy: "write \(FigureTolerance.kinds.joined(separator: ", "))")
    }
  }

  private static func kind(
    _ row: CSVTable.Row, _ tolerance: FigureTolerance
  ) throws(DataError) -> Figure.Kind {
    let text = row.text("kind")
    guard !text.isEmpty else { return tolerance == .reference ? .reference : .asserted }
    guard let kind = Figure.Kind(rawValue: text) else {
      throw row.error(
        "kind", "\(quoted(text)) is no kind of figure",
        remedy: "write \(Figure.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard (kind == .reference) == (tolerance == .reference) || kind == .pending else {
      throw row.error(
        "kind", "\(quoted(text)) with the tolerance \(tolerance.kind)",
        remedy: "reference goes with reference")
    }
    return kind
  }

  private static func expression(
    _ row: CSVTable.Row, _ kind: Figure.Kind
  ) throws(DataError) -> FigureExpression? {
    guard let field = row["expression"], !field.text.isEmpty else {
      guard kind == .reference || kind == .pending else {
        throw row.error(
          "expression", "is empty", remedy: "write what computes it, or the kind reference")
      }
      return nil
    }
    do {
      return try ExpressionParser.parse(field.text)
    } catch {
      throw DataError(
        file: row.file, at: field.position(ofScalarAt: error.offset), field: "expression",
        error.problem, remedy: error.remedy)
    }
  }

  private static func corrected(
    _ row: CSVTable.Row, _ kind: Figure.Kind
  ) throws(DataError) -> Double? {
    guard kind == .inconsistent else {
      guard row.text("corrected").isEmpty else {
        throw row.error(
          "corrected", "\(quoted(row.text("corrected"))) with the kind \(kind.rawValue)",
          remedy: "only figures of the kind inconsistent have one")
      }
      return nil
    }
    return try number("corrected", row)
  }

  private static func number(_ name: String, _ row: CSVTable.Row) throws(DataError) -> Double {
    let text = row.text(name)
    let isPlain = text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    guard isPlain, let value = Double(text), value.isFinite else {
      throw row.error(
        name, text.isEmpty ? "is empty" : "\(quoted(text)) is no number",
        remedy: "write a bare number, such as 131072 or 0.05")
    }
    return value
  }
}
