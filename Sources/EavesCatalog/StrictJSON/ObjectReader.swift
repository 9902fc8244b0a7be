/// Reads the keys of one JSON object and remembers which were asked for.
///
/// A reader of a file asks for each key by name and kind, and calls `finish()` on the outermost object at
/// the end: a key that nobody asked for, here or in any object inside, is an error. Every error names the
/// file, the line, the path of the field, the value and the remedy.
public final class ObjectReader {
  /// The path of this object (`memory[2]`); empty for the outermost one.
  public let path: String
  /// Where the object begins.
  public let position: TextPosition
  let members: [JSONNode.Member]
  let file: ReadFile
  private var indexes: [String: Int] = [:]
  private var used: [Bool]
  private var asked: [String] = []
  private var children: [ObjectReader] = []

  /// Opens the outermost object of a file.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - name: The file's name, for messages.
  ///   - nullIsAbsent: Whether `null` stands for a key that is left out, as in files of other tools.
  /// - Throws: `DataError` where the bytes are not strict JSON, or no object.
  public convenience init(
    parsing bytes: [UInt8], file name: String, nullIsAbsent: Bool = false
  ) throws(DataError) {
    let root = try JSONParser.parse(bytes, file: name)
    guard case .object(let members) = root.value else {
      throw DataError(
        file: name, at: root.position, "found \(root.found)", remedy: "write an object, { … }")
    }
    let file = ReadFile(name: name, nullIsAbsent: nullIsAbsent)
    self.init(members, at: root.position, path: "", file: file)
  }

  private init(
    _ members: [JSONNode.Member], at position: TextPosition, path: String, file: ReadFile
  ) {
    self.path = path
    self.position = position
    self.members = members
    self.file = file
    used = Array(repeating: false, count: members.count)
    for (index, member) in members.enumerated() { indexes[member.key] = index }
  }

  /// The keys in the order of the file: what a map with free keys holds.
  public var keys: [String] { members.map(\.key) }

  /// Whether a key stands in the object, which does not mark it as used.
  public func has(_ key: String) -> Bool { member(key) != nil }

  /// The value of a key as it stands, marked as used; nil where the key is left out.
  public func node(_ key: String) -> JSONNode? {
    asked.append(key)
    if let index = indexes[key] { used[index] = true }
    return member(key)?.node
  }

  /// Lets a key stand that nobody reads.
  public func ignore(_ key: String) { _ = node(key) }

  /// Ends the reading: nothing may be left that nobody asked for.
  /// - Throws: `DataError` at the first unused key of this object or, after it, of those inside.
  public func finish() throws(DataError) {
    for (index, member) in members.enumerated() where !used[index] { throw unknown(member) }
    for child in children { try child.finish() }
  }

  /// An error at this object, for what only the whole of it shows to be wrong.
  public func error(_ problem: String, remedy: String = "") -> DataError {
    DataError(file: file.name, at: position, field: path, problem, remedy: remedy)
  }

  /// An error at the value of a key, or at the object where the key is left out.
  public func error(at key: String, _ problem: String, remedy: String = "") -> DataError {
    DataError(
      file: file.name, at: member(key)?.node.position ?? position, field: path(of: key), problem,
      remedy: remedy)
  }

  /// The value of a key that must be there.
  func required(_ key: String, wanted: String) throws(DataError) -> JSONNode {
    if let node = node(key) { return node }
    // A key that is there but misspelt says more than one that is missing.
    for (index, member) in members.enumerated() where !used[index] {
      if !Suggestion.nearest(member.key, among: [key]).isEmpty { throw unknown(member) }
    }
    throw error("missing key \(quoted(key))", remedy: "add it with \(wanted)")
  }

  /// A reader of an object inside this one, whose unused keys `finish()` will find.
  func child(_ node: JSONNode, path: String) throws(DataError) -> ObjectReader {
    guard case .object(let members) = node.value else {
      throw wrong(node, path: path, wanted: "an object, { … }")
    }
    let reader = ObjectReader(members, at: node.position, path: path, file: file)
    children.append(reader)
    return reader
  }

  func wrong(_ node: JSONNode, path: String, wanted: String) -> DataError {
    DataError(
      file: file.name, at: node.position, field: path, "found \(node.found)",
      remedy: "write \(wanted)")
  }

  /// The path of a key: `memory[2].bandwidth`, or `multiply["*quantised"]` where the key is no plain word.
  func path(of key: String) -> String {
    let isPlain = key.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "-")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
    }
    guard isPlain, !key.isEmpty else { return "\(path)[\(quoted(key))]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }

  private func member(_ key: String) -> JSONNode.Member? {
    guard let index = indexes[key] else { return nil }
    if file.nullIsAbsent, case .null = members[index].node.value { return nil }
    return members[index]
  }

  private func unknown(_ member: JSONNode.Member) -> DataError {
    let absent = asked.filter { indexes[$0] == nil }
    let remedy =
      Suggestion.question(member.key, among: absent)
      ?? Suggestion.question(member.key, among: asked)
      ?? "remove it; the keys here are \(knownKeys)"
    return DataError(
      file: file.name, at: member.keyPosition, field: path, "unknown key \(quoted(member.key))",
      remedy: remedy)
  }

  private var knownKeys: String {
    var seen: Set<String> = []
    return asked.filter { seen.insert($0).inserted }.joined(separator: ", ")
  }
}

/// What the readers of one file share.
final class ReadFile {
  let name: String
  let nullIsAbsent: Bool
  /// The keys of the file's `sources`, once they have been read; a measure may name no others.
  var sources: Set<String>?

  init(name: String, nullIsAbsent: Bool) {
    self.name = name
    self.nullIsAbsent = nullIsAbsent
  }
}
