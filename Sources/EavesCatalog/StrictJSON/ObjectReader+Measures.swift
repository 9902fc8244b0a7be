public import Eaves
public import Quantities

/// Amounts with units, and figures with their sources.
extension ObjectReader {
  /// An amount such as `"2039 GB/s"`, written as a string, which must be there.
  /// - Throws: `DataError` where the key is missing, or its value no amount of that kind that could be.
  public func amount<Kind: Quantity>(
    _ key: String, as kind: Kind.Type, _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> Kind {
    let node = try required(key, wanted: "an amount such as \(Kind.notation.examples)")
    return try amount(in: node, path: path(of: key), limits)
  }

  /// A figure with its evidence, which must be there.
  /// - Parameters:
  ///   - key: The key.
  ///   - kind: The kind of amount.
  ///   - limits: Which amounts make sense here, besides those that no machine exceeds.
  /// - Returns: The figure.
  /// - Throws: `DataError` where the key is missing, or its value no such figure.
  public func measure<Kind: Quantity>(
    _ key: String, as kind: Kind.Type, _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> Measure<Kind> {
    let example = "{\"value\": …, \"basis\": …, \"source\": …, \"verified\": …}"
    return try measure(in: required(key, wanted: "a figure, \(example)"), key, limits)
  }

  /// A figure with its evidence, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no such figure.
  public func optionalMeasure<Kind: Quantity>(
    _ key: String, as kind: Kind.Type, _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> Measure<Kind>? {
    guard let node = node(key) else { return nil }
    return try measure(in: node, key, limits)
  }

  /// The figures of a map with free keys; empty where the key is left out.
  /// - Throws: `DataError` where a value of the map is no such figure.
  public func measures<Kind: Quantity>(
    _ key: String, as kind: Kind.Type, _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> [String: Measure<Kind>] {
    guard let map = try optionalObject(key) else { return [:] }
    var result: [String: Measure<Kind>] = [:]
    for key in map.keys { result[key] = try map.measure(key, as: kind, limits) }
    return result
  }

  /// The figures of a map whose keys are the names of an enumeration; empty where the key is left out.
  /// - Throws: `DataError` where a value of the map is no such figure; other keys are found by `finish()`.
  public func measures<Name: CaseIterable & RawRepresentable<String> & Hashable, Kind: Quantity>(
    _ key: String, by name: Name.Type, as kind: Kind.Type,
    _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> [Name: Measure<Kind>] {
    guard let map = try optionalObject(key) else { return [:] }
    var result: [Name: Measure<Kind>] = [:]
    for name in Name.allCases {
      result[name] = try map.optionalMeasure(name.rawValue, as: kind, limits)
    }
    return result
  }

  /// The `sources` of the file; from here on a figure may name no others.
  /// - Throws: `DataError` where a source lacks its title or its tier.
  public func sources() throws(DataError) -> [String: Source] {
    var result: [String: Source] = [:]
    for (key, source) in try entries("sources") {
      result[key] = Source(
        title: try source.string("title"), tier: try source.choice("tier", of: Source.Tier.self))
    }
    file.sources = Set(result.keys)
    return result
  }

  /// The key of one of the file's sources.
  func sourceKey(_ key: String) throws(DataError) -> String {
    let name = try string(key)
    guard let sources = file.sources, !sources.contains(name) else { return name }
    throw error(
      at: key, "\(quoted(name)) is not in \"sources\"",
      remedy: Suggestion.question(name, among: sources.sorted()) ?? "add it there")
  }

  private func measure<Kind: Quantity>(
    in node: JSONNode, _ key: String, _ limits: FigureLimits
  ) throws(DataError) -> Measure<Kind> {
    if case .number(let text) = node.value {
      throw bareNumber(text, node, path(of: key), Kind.self)
    }
    let reader = try child(node, path: path(of: key))
    return Measure(
      try reader.amount("value", as: Kind.self, limits),
      basis: try reader.choice("basis", of: Basis.self),
      source: try reader.sourceKey("source"),
      isVerified: try reader.boolean("verified"),
      note: try reader.optionalString("note"),
      range: try reader.range("range"))
  }

  private func range<Kind: Quantity>(_ key: String) throws(DataError) -> ClosedRange<Kind>? {
    let ends = try list(key, of: "two amounts") { (node, path) throws(DataError) in
      try amount(in: node, path: path, .notNegative) as Kind
    }
    if ends.isEmpty, !has(key) { return nil }
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw error(at: key, "is no range", remedy: "write [\"lowest\", \"highest\"]")
    }
    return ends[0]...ends[1]
  }

  private func amount<Kind: Quantity>(
    in node: JSONNode, path: String, _ limits: FigureLimits
  ) throws(DataError) -> Kind {
    if case .number(let text) = node.value { throw bareNumber(text, node, path, Kind.self) }
    let text = try string(in: node, path: path)
    func refused(_ problem: String, _ remedy: String) -> DataError {
      DataError(file: file.name, at: node.position, field: path, problem, remedy: remedy)
    }
    guard isShort(text) else {
      throw refused("\(quoted(text)) is too long for an amount", "write fewer digits")
    }
    let amount: Kind
    do {
      amount = try Kind(parsing: text)
    } catch {
      throw refused(error.problem, error.remedy)
    }
    let notation = Kind.notation
    guard amount.value >= 0 else {
      throw refused("\(quoted(text)) is negative", "no \(notation.kind) is below zero")
    }
    guard amount.value <= notation.largest else {
      throw refused(
        "\(quoted(text)) is more than \(Kind(notation.largest).display)",
        "check the unit: no \(notation.kind) is that large")
    }
    if let fault = limits.fault(amount.value) {
      throw refused("\(quoted(text)) \(fault.problem)", fault.remedy)
    }
    return amount
  }

  /// Whether an amount has no more digits, in its exponent above all, than an amount can need.
  private func isShort(_ text: String) -> Bool {
    let exponent = text.drop { $0 != "e" && $0 != "E" }.prefix { !$0.isWhitespace }
    return text.utf8.count <= 60 && exponent.utf8.count <= 12
  }

  private func bareNumber<Kind: Quantity>(
    _ text: String, _ node: JSONNode, _ path: String, _ kind: Kind.Type
  ) -> DataError {
    let hasUnit = !Kind.notation.unit.isEmpty
    return DataError(
      file: file.name, at: node.position, field: path,
      hasUnit ? "\(shortened(text)) has no unit" : "\(shortened(text)) is a bare number",
      remedy: "write a string\(hasUnit ? " with its unit" : ""), \(Kind.notation.examples)")
  }
}

/// Which amounts make sense for a figure.
public enum FigureLimits: Sendable {
  /// Zero and more: a time that may not be needed at all.
  case notNegative
  /// More than zero: what is divided by.
  case positive
  /// More than zero and at most one: a share.
  case share

  fileprivate func fault(_ value: Double) -> (problem: String, remedy: String)? {
    if self != .notNegative, value == 0 {
      return ("is zero", "write the figure, or leave the key out where it is unknown")
    }
    if self == .share, value > 1 {
      return ("is more than the whole", "write a share such as \"0.75\" or \"75 %\"")
    }
    return nil
  }
}
