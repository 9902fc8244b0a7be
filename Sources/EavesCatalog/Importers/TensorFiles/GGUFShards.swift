/// The files of a model that was split: `NAME-00001-of-00003.gguf`.
enum GGUFShards {
  /// Reads the header of a file, and those of the shards beside it.
  /// - Parameter path: the file, or the first of several.
  /// - Returns: the headers, the first with the metadata of the model.
  /// - Throws: `DataError` where a shard is missing or bad.
  static func read(path: String) throws(DataError) -> [GGUFFile] {
    let first = try GGUFFile(reading: try ByteSource(path: path))
    guard case .integer(let count) = first.metadata["split.count"], count > 1 else {
      return [first]
    }
    guard (2...1000).contains(count), let parts = parts(of: path), parts.count == count else {
      throw DataError(
        file: path, field: "split.count", "one of \(count) files, but its name does not say which",
        remedy: "name the first, NAME-00001-of-\(padded(count)).gguf")
    }
    guard parts.number == 1 else {
      throw DataError(
        file: path, "the \(parts.number). of \(count) files", remedy: "name the first of them")
    }
    var files = [first]
    for number in 2...count {
      let shard = "\(parts.stem)-\(padded(number))-of-\(padded(count)).gguf"
      files.append(try GGUFFile(reading: try ByteSource(path: shard)))
    }
    var names: Set<String> = []
    for file in files {
      for tensor in file.tensors where !names.insert(tensor.name).inserted {
        throw DataError(
          file: file.path, field: printable(tensor.name), "stands in another file too",
          remedy: "the files are of different models")
      }
    }
    if case .integer(let tensors) = first.metadata["split.tensors.count"], tensors != names.count {
      throw DataError(
        file: path, field: "split.tensors.count",
        "\(tensors), but there are \(names.count) tensors",
        remedy: "the files are of different models")
    }
    return files
  }

  private static func parts(of path: String) -> (stem: String, number: Int, count: Int)? {
    guard path.hasSuffix(".gguf") else { return nil }
    let pieces = path.dropLast(5).split(separator: "-", omittingEmptySubsequences: false)
    guard pieces.count >= 4, pieces[pieces.count - 2] == "of",
      let count = Int(pieces[pieces.count - 1]), let number = Int(pieces[pieces.count - 3])
    else { return nil }
    return (pieces.dropLast(3).joined(separator: "-"), number, count)
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
