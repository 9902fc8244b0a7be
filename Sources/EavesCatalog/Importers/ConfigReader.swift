/// Reads a Hugging Face configuration: keys under several spellings, defaults of transformers' classes,
/// and a record of which keys were read and which defaults were taken.
final class ConfigReader {
  /// The object with the language model's keys.
  let main: ObjectReader
  /// The file's object, where the language model's keys stand in an object inside it.
  let outer: ObjectReader?
  /// `key = value` of every default that was taken, in the order of asking.
  private(set) var defaults: [String] = []
  private var used: Set<String> = []

  init(_ main: ObjectReader, in outer: ObjectReader? = nil) {
    self.main = main
    self.outer = outer
  }

  /// A whole number under any of its spellings; without a default it must be there.
  func integer(
    _ keys: [String], in range: ClosedRange<Int>, default standard: Int?
  ) throws(DataError) -> Int {
    if let value = try optionalInteger(keys, in: range) { return value }
    guard let standard else { return try main.integer(keys[0], in: range) }
    tookDefault(keys[0], "\(standard)")
    return standard
  }

  /// A whole number under any of its spellings, which may not contradict each other.
  func optionalInteger(_ keys: [String], in range: ClosedRange<Int>) throws(DataError) -> Int? {
    var found: (key: String, value: Int)?
    for key in keys {
      used.insert(key)
      guard let value = try main.optionalInteger(key, in: range) else { continue }
      guard let first = found else {
        found = (key, value)
        continue
      }
      guard first.value == value else {
        throw main.error(
          at: key, "\(value) contradicts \(quoted(first.key)), which is \(first.value)",
          remedy: "remove one of them")
      }
    }
    return found?.value
  }

  /// `true` or `false`.
  func boolean(_ key: String, default standard: Bool) throws(DataError) -> Bool {
    let reader = holder(of: key)
    if !reader.has(key) { tookDefault(key, "\(standard)") }
    return try reader.boolean(key, default: standard)
  }

  /// A text under the first of its spellings that is there.
  func optionalString(_ keys: [String]) throws(DataError) -> (key: String, text: String)? {
    used.formUnion(keys)
    for key in keys {
      if let text = try main.optionalString(key) { return (key, text) }
    }
    return nil
  }

  /// The object that a key stands in, which counts as read: this one, else the one around it.
  func holder(of key: String) -> ObjectReader {
    used.insert(key)
    if let outer, !main.has(key), outer.has(key) { return outer }
    return main
  }

  /// Counts keys as read that this family of models has no use for.
  func ignore(_ keys: String...) { used.formUnion(keys) }

  /// Whether a key stands there as `null`, which is not the same as its default.
  func isNull(_ keys: [String]) -> Bool {
    main.members.contains { member in
      guard keys.contains(member.key), case .null = member.node.value else { return false }
      return true
    }
  }

  /// Records that a key was left out.
  func tookDefault(_ key: String, _ value: String) {
    let entry = "\(key) = \(value)"
    if !defaults.contains(entry) { defaults.append(entry) }
  }

  /// The spelling that the file uses.
  func spelling(of keys: [String]) -> String { keys.first { main.has($0) } ?? keys[0] }

  /// An error at a key, whichever way it is spelt.
  func error(at keys: [String], _ problem: String, remedy: String) -> DataError {
    main.error(at: spelling(of: keys), problem, remedy: remedy)
  }

  /// The keys that nobody has read, knows or could honour.
  /// - Throws: `DataError` at the first that changes the cost.
  func unknownKeys() throws(DataError) -> [String] {
    var unknown: [String] = []
    for reader in [outer, main].compactMap(\.self) {
      for member in reader.members where !used.contains(member.key) {
        switch ConfigKeys.verdict(on: member) {
        case .ignored: break
        case .refused(let reason): throw cannotHonour(member.key, in: reader, reason)
        case .unknown: unknown.append(member.key)
        }
      }
    }
    return unknown
  }

  /// The error for a key with a value that no cost could be computed for.
  func cannotHonour(_ key: String, in reader: ObjectReader? = nil, _ reason: String) -> DataError {
    let reader = reader ?? main
    let found = reader.node(key)?.found ?? "nothing"
    return reader.error(
      at: key, "found \(found), but \(reason) cannot be imported",
      remedy: "choose a model without it, or remove the key if the model has none")
  }
}
