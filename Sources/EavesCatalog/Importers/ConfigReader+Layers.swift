extension ConfigReader {
  /// The kind of each layer from a list of words; nil where the key is left out.
  /// - Parameters:
  ///   - key: the list.
  ///   - words: what may stand in it.
  ///   - count: how many there must be; `nil` where the list is repeated.
  /// - Returns: a word a layer.
  /// - Throws: `DataError` at a word that is none of these, or a list of another length.
  func layerKinds(_ key: String, _ words: [String], count: Int?) throws(DataError) -> [String]? {
    ignore(key)
    guard main.has(key) else { return nil }
    let kinds = try main.list(key, of: "strings") { (node, path) throws(DataError) in
      guard case .string(let text) = node.value, words.contains(text) else {
        throw DataError(
          file: main.file.name, at: node.position, field: path,
          "found \(node.found), a kind of layer that cannot be imported",
          remedy: "\(words.joined(separator: " and ")) can")
      }
      return text
    }
    guard !kinds.isEmpty, count == nil || kinds.count == count else {
      throw main.error(
        at: key, "has \(kinds.count) entries" + (count.map { " for \($0) layers" } ?? ""),
        remedy: "write one a layer")
    }
    return kinds
  }

  /// A number that need not be whole.
  func number(
    _ key: String, in range: ClosedRange<Double>, default standard: Double
  ) throws(DataError) -> Double {
    ignore(key)
    if let value = try main.optionalDouble(key, in: range) { return value }
    tookDefault(key, "\(standard)")
    return standard
  }
}
