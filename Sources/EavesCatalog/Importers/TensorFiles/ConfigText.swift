/// A Hugging Face configuration that is written for a file of another kind, so that one reader reads both.
struct ConfigText {
  private var members: [String] = []

  mutating func set(_ key: String, _ value: Int) { members.append("\"\(key)\": \(value)") }

  mutating func set(_ key: String, _ value: Bool) { members.append("\"\(key)\": \(value)") }

  /// A word without quotes or backslashes in it.
  mutating func set(_ key: String, _ word: String) { members.append("\"\(key)\": \"\(word)\"") }

  mutating func set(_ key: String, _ words: [String]) {
    members.append("\"\(key)\": [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]")
  }

  var bytes: [UInt8] { Array("{\(members.joined(separator: ", "))}".utf8) }
}
