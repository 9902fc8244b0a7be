/// Objects inside an object.
extension ObjectReader {
  /// An object that must be there.
  /// - Throws: `DataError` where the key is missing, or its value no object.
  public func object(_ key: String) throws(DataError) -> ObjectReader {
    try child(required(key, wanted: "an object, { … }"), path: path(of: key))
  }

  /// An object, or nil where the key is left out.
  /// - Throws: `DataError` where the value is no object.
  public func optionalObject(_ key: String) throws(DataError) -> ObjectReader? {
    guard let node = node(key) else { return nil }
    return try child(node, path: path(of: key))
  }

  /// A list of objects; empty where the key is left out.
  /// - Throws: `DataError` where the value is no list, or a member of it no object.
  public func objects(_ key: String) throws(DataError) -> [ObjectReader] {
    try list(key, of: "objects") { (node, path) throws(DataError) in
      try child(node, path: path)
    }
  }

  /// A list of at least one object, which must be there.
  /// - Throws: `DataError` where the key is missing, the value no list of objects, or the list empty.
  public func someObjects(_ key: String) throws(DataError) -> [ObjectReader] {
    _ = try required(key, wanted: "a list of objects, [ { … } ]")
    let readers = try objects(key)
    guard !readers.isEmpty else {
      throw error(at: key, "the list is empty", remedy: "write at least one object")
    }
    return readers
  }

  /// The keys and objects of a map with free keys; empty where the key is left out.
  ///
  /// For a map of anything else take `optionalObject` and ask it for each of its `keys`.
  /// - Throws: `DataError` where the value is no object, or a value in it is none.
  public func entries(_ key: String) throws(DataError) -> [(key: String, object: ObjectReader)] {
    guard let map = try optionalObject(key) else { return [] }
    var result: [(key: String, object: ObjectReader)] = []
    for key in map.keys { result.append((key, try map.object(key))) }
    return result
  }
}
