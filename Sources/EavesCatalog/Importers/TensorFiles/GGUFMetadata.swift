/// Asks the metadata of a GGUF file for values, by the names that its architecture's keys have.
struct GGUFMetadata {
  let architecture: String
  let files: WeightFiles
  private let values: [String: GGUFValue]
  private let names: Set<String>

  init(_ files: WeightFiles) throws(DataError) {
    self.files = files
    values = files.metadata ?? [:]
    names = Set(files.tensors.map(\.name))
    guard let value = values["general.architecture"] else {
      throw DataError(
        file: files.path, field: "general.architecture", "is missing",
        remedy: "the file is no model of a known kind")
    }
    guard case .string(let text) = value else {
      throw DataError(
        file: files.path, field: "general.architecture", "found \(value.found)",
        remedy: "write a name")
    }
    architecture = text
  }

  /// A text of the file, whatever the architecture.
  func text(_ key: String) -> String? {
    guard case .string(let text) = values[key] else { return nil }
    return text
  }

  /// A whole number of the file, whatever the architecture.
  func general(_ key: String) -> Int? {
    guard case .integer(let value) = values[key] else { return nil }
    return value
  }

  /// A truth value of the file, whatever the architecture.
  func flag(_ key: String) -> Bool? {
    guard case .boolean(let value) = values[key] else { return nil }
    return value
  }

  /// A number of the architecture, whole or not; nil where the key is left out.
  func number(_ key: String) -> Double? {
    switch values["\(architecture).\(key)"] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// A whole number that must be there.
  func integer(_ key: String) throws(DataError) -> Int {
    guard let value = try optional(key) else {
      throw error(key, "is missing", "the file is no complete model")
    }
    return value
  }

  /// A whole number, or one for every layer if they are the same; nil where the key is left out.
  func optional(_ key: String) throws(DataError) -> Int? {
    let name = "\(architecture).\(key)"
    guard let value = values[name] else { return nil }
    switch value {
    case .integer(let number) where (0...1 << 40).contains(number): return number
    // Some writers took a float for a count.
    case .number(let number) where (0...0x1p40).contains(number) && number == number.rounded():
      return Int(number)
    case .integers(let list):
      guard let first = list.first, list.allSatisfy({ $0 == first }) else {
        throw error(
          key, "differs from layer to layer, which cannot be imported", "choose another model")
      }
      return first
    default: throw error(key, "found \(value.found)", "write a whole number")
    }
  }

  /// A whole number that must be there and in a range.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(DataError) -> Int {
    let value = try integer(key)
    guard range.contains(value) else {
      throw error(
        key, "found the number \(value)", "write \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// One whole number for each layer, or one for all; nil where the key is left out.
  /// - Parameters:
  ///   - key: the key without its architecture.
  ///   - count: how many layers there are; a longer list has values for layers that are left out.
  ///   - range: what may stand there.
  /// - Returns: a number a layer.
  /// - Throws: `DataError` at a number out of range, or a list that is too short.
  func each(
    _ key: String, _ count: Int, in range: ClosedRange<Int>
  ) throws(DataError) -> [Int]? {
    guard let list = list(key) else {
      guard try optional(key) != nil else { return nil }
      return Array(repeating: try integer(key, in: range), count: count)
    }
    guard list.count >= count, list.allSatisfy({ range.contains($0) }) else {
      throw error(
        key, "has \(list.count) entries for \(count) layers, or one out of range",
        "write one a layer")
    }
    return Array(list.prefix(count))
  }

  /// Whether a key of the architecture is there.
  func has(_ key: String) -> Bool { values["\(architecture).\(key)"] != nil }

  /// Whether a key is there with another number.
  func has(_ key: String, otherThan number: Int) -> Bool {
    guard case .integer(let value) = values["\(architecture).\(key)"] else { return false }
    return value != number
  }

  /// A list with one number for each layer; nil where there is none.
  func list(_ key: String) -> [Int]? {
    guard case .integers(let list) = values["\(architecture).\(key)"] else { return nil }
    return list
  }

  func boolean(_ key: String) -> Bool? {
    guard case .boolean(let value) = values["\(architecture).\(key)"] else { return nil }
    return value
  }

  func hasTensor(_ name: String) -> Bool { names.contains(name) }

  /// The sizes of a tensor that must be there.
  func shape(of name: String) throws(DataError) -> [Int] {
    guard let tensor = files.tensors.first(where: { $0.name == name }) else {
      throw DataError(
        file: files.path, field: name, "there is no such tensor",
        remedy: "the file holds only a part of a model")
    }
    return tensor.shape
  }

  func error(_ key: String, _ problem: String, _ remedy: String) -> DataError {
    DataError(
      file: files.path, field: printable("\(architecture).\(key)"), problem, remedy: remedy)
  }
}
