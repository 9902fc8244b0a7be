/// Strings, numbers, booleans and choices.
extension ObjectReader {
  /// A string that must be there and may not be empty.
  /// - Throws: `DataError` where the key is missing, or its value is no such string.
  public func string(_ key: String) throws(DataError) -> String {
    try string(in: required(key, wanted: "a string"), path: path(of: key))
  }

  /// A string, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no string, or empty.
  public func optionalString(_ key: String) throws(DataError) -> String? {
    guard let node = node(key) else { return nil }
    return try string(in: node, path: path(of: key))
  }

  /// A list of strings; empty where the key is left out.
  /// - Throws: `DataError` where the value is no list, or a member of it no string.
  public func strings(_ key: String) throws(DataError) -> [String] {
    try list(key, of: "strings") { (node, path) throws(DataError) in
      try string(in: node, path: path)
    }
  }

  /// A list of strings, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no list, or a member of it no string.
  public func optionalStrings(_ key: String) throws(DataError) -> [String]? {
    guard node(key) != nil else { return nil }
    return try strings(key)
  }

  /// A whole number that must be there.
  /// - Throws: `DataError` where the key is missing, or its value no whole number of the range.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws(DataError) -> Int {
    try integer(in: required(key, wanted: wanted(range)), path: path(of: key), range)
  }

  /// A whole number, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no whole number of the range.
  public func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(DataError) -> Int? {
    guard let node = node(key) else { return nil }
    return try integer(in: node, path: path(of: key), range)
  }

  /// A list of whole numbers; empty where the key is left out.
  /// - Throws: `DataError` where the value is no list, or a member of it no whole number of the range.
  public func integers(_ key: String, in range: ClosedRange<Int>) throws(DataError) -> [Int] {
    try list(key, of: "whole numbers") { (node, path) throws(DataError) in
      try integer(in: node, path: path, range)
    }
  }

  /// A number that must be there.
  /// - Throws: `DataError` where the key is missing, or its value no number of the range.
  public func double(_ key: String, in range: ClosedRange<Double>) throws(DataError) -> Double {
    try double(in: required(key, wanted: wanted(range)), path: path(of: key), range)
  }

  /// A number, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no number of the range.
  public func optionalDouble(
    _ key: String, in range: ClosedRange<Double>
  ) throws(DataError) -> Double? {
    guard let node = node(key) else { return nil }
    return try double(in: node, path: path(of: key), range)
  }

  /// `true` or `false`, which must be there.
  /// - Throws: `DataError` where the key is missing, or its value neither.
  public func boolean(_ key: String) throws(DataError) -> Bool {
    try boolean(in: required(key, wanted: "true or false"), path: path(of: key))
  }

  /// `true` or `false`; the default where the key is left out.
  /// - Throws: `DataError` where the value is neither.
  public func boolean(_ key: String, default standard: Bool) throws(DataError) -> Bool {
    guard let node = node(key) else { return standard }
    return try boolean(in: node, path: path(of: key))
  }

  /// One of the names of an enumeration, which must be there.
  /// - Throws: `DataError` where the key is missing, or its value none of the names.
  public func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(DataError) -> Choice {
    let node = try required(key, wanted: "one of \(names(type))")
    return try choice(in: node, path: path(of: key), of: type)
  }

  /// One of the names of an enumeration, or nil where the key is left out.
  /// - Throws: `DataError` where the value is none of the names.
  public func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(DataError) -> Choice? {
    guard let node = node(key) else { return nil }
    return try choice(in: node, path: path(of: key), of: type)
  }

  /// A list of names of an enumeration; empty where the key is left out.
  /// - Throws: `DataError` where the value is no list, or a member of it none of the names.
  public func choices<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(DataError) -> [Choice] {
    try list(key, of: "names") { (node, path) throws(DataError) in
      try choice(in: node, path: path, of: type)
    }
  }

  /// Reads a list with one closure for its members; empty where the key is left out.
  func list<Element>(
    _ key: String, of elements: String,
    _ read: (JSONNode, String) throws(DataError) -> Element
  ) throws(DataError) -> [Element] {
    guard let node = node(key) else { return [] }
    let path = path(of: key)
    guard case .array(let nodes) = node.value else {
      throw wrong(node, path: path, wanted: "a list of \(elements), [ … ]")
    }
    var result: [Element] = []
    result.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() { result.append(try read(node, "\(path)[\(index)]")) }
    return result
  }

  func string(in node: JSONNode, path: String) throws(DataError) -> String {
    guard case .string(let text) = node.value, !text.isEmpty else {
      throw wrong(node, path: path, wanted: "a string that is not empty")
    }
    return text
  }

  private func integer(
    in node: JSONNode, path: String, _ range: ClosedRange<Int>
  ) throws(DataError) -> Int {
    guard case .number(let text) = node.value, let value = Int(text), range.contains(value) else {
      throw wrong(node, path: path, wanted: wanted(range))
    }
    return value
  }

  private func double(
    in node: JSONNode, path: String, _ range: ClosedRange<Double>
  ) throws(DataError) -> Double {
    guard case .number(let text) = node.value, let value = Double(text), range.contains(value)
    else { throw wrong(node, path: path, wanted: wanted(range)) }
    return value
  }

  func boolean(in node: JSONNode, path: String) throws(DataError) -> Bool {
    guard case .boolean(let value) = node.value else {
      throw wrong(node, path: path, wanted: "true or false, without quotes")
    }
    return value
  }

  private func choice<Choice: CaseIterable & RawRepresentable<String>>(
    in node: JSONNode, path: String, of type: Choice.Type
  ) throws(DataError) -> Choice {
    guard case .string(let text) = node.value else {
      throw wrong(node, path: path, wanted: "one of \(names(type))")
    }
    if let value = Choice(rawValue: text) { return value }
    throw DataError(
      file: file.name, at: node.position, field: path,
      "\(quoted(text)) is none of \(names(type))",
      remedy: Suggestion.question(text, among: Choice.allCases.map(\.rawValue))
        ?? "write one of them")
  }

  private func names<Choice: CaseIterable & RawRepresentable<String>>(
    _ type: Choice.Type
  ) -> String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }

  private func wanted(_ range: ClosedRange<Int>) -> String {
    "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  private func wanted(_ range: ClosedRange<Double>) -> String {
    "a number from \(range.lowerBound) to \(range.upperBound)"
  }
}
