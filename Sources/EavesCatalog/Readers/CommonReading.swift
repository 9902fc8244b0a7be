/// What chips, runtimes and models have in common.
extension ObjectReader {
  /// The two keys that every file of ours begins with.
  /// - Throws: `DataError` where the file has another version than the one that is read here.
  func requireSchema(_ version: Int) throws(DataError) {
    ignore("$schema")
    let found = try integer("schema", in: 1...1_000_000)
    guard found == version else {
      throw error(
        at: "schema", "version \(found) is not known", remedy: "version \(version) is read here")
    }
  }

  /// A name that can be typed and stands in CSV cells: letters, digits, dots, hyphens and underscores.
  func identifier(_ key: String) throws(DataError) -> String {
    let text = try string(key)
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0)
    }
    guard isPlain, text.utf8.count <= 64 else {
      throw error(
        at: key, "\(quoted(text)) is no name",
        remedy: "write at most 64 letters, digits, dots, hyphens and underscores")
    }
    return text
  }

  /// A list may not be longer than the evaluator's tables.
  func requireAtMost(_ most: Int, of count: Int, in list: String) throws(DataError) {
    guard count > most else { return }
    throw error(at: list, "\(count) members", remedy: "write at most \(most)")
  }

  /// No two members of a list may have the same name.
  func requireDistinct(
    _ names: [String], in list: String, key: String = "id"
  ) throws(DataError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw error(
        at: list, "two have the \(key) \(quoted(name))", remedy: "give each a name of its own")
    }
  }
}
