#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension WeightFiles {
  /// Which kind of weights a path leads to.
  enum Kind {
    case gguf
    /// One file, an index of several, or the folder of a model.
    case safetensors
  }

  /// The kind of weights that a path names; nil where it names something else.
  ///
  /// A GGUF file is known by its first bytes or its name, safetensors by their name, a folder by what is in it.
  static func kind(of path: String) -> Kind? {
    guard !path.utf8.contains(0) else { return nil }
    if isFolder(path) { return .safetensors }
    let name = path.lowercased()
    if name.hasSuffix(".gguf") { return .gguf }
    if name.hasSuffix(".safetensors") || name.hasSuffix(indexEnding) { return .safetensors }
    guard !name.hasSuffix(".json"), let source = try? ByteSource(path: path),
      let first = try? source.bytes(at: 0, count: min(4, source.size))
    else { return nil }
    return GGUFFile.begins(first) ? .gguf : nil
  }

  /// Opens weights: reads the headers of all their files.
  /// - Parameter path: a `.gguf` file (the first of several shards), a `.safetensors` file, an index of
  ///   such, or a folder with them.
  /// - Throws: `DataError` where there are none, or a header is bad.
  public init(path: String) throws(DataError) {
    if Self.kind(of: path) == .safetensors {
      let place = try SafetensorsPlace(path: path)
      self = try place.open()
    } else {
      self.init(gguf: try GGUFShards.read(path: path), path: path)
    }
  }

  static let indexEnding = ".safetensors.index.json"

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }
}

/// Where the files of a model in safetensors stand: its weights, and the configuration beside them.
struct SafetensorsPlace {
  let path: String
  let folder: String
  /// One file, or the index of several.
  let weights: String

  init(path: String) throws(DataError) {
    self.path = path
    guard WeightFiles.isFolder(path) else {
      let last = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
      folder = String(path[..<last])
      let index = folder + "model" + WeightFiles.indexEnding
      let isShard = path[last...].contains("-of-") && !path.hasSuffix(WeightFiles.indexEnding)
      weights = isShard && WeightFiles.isFile(index) ? index : path
      return
    }
    folder = path.hasSuffix("/") ? path : path + "/"
    for name in ["model\(WeightFiles.indexEnding)", "model.safetensors"] {
      if WeightFiles.isFile(folder + name) {
        weights = folder + name
        return
      }
    }
    throw DataError(
      file: path, "is a folder without model.safetensors",
      remedy: "name a model's file, or a folder with model.safetensors and config.json")
  }

  /// The configuration, which the tensors need to mean anything.
  func config() throws(DataError) -> [UInt8] {
    do {
      return try FileReader.read(path: folder + "config.json")
    } catch  where error.kind == .notFound {
      throw DataError(
        .notFound, file: folder + "config.json", error.problem,
        remedy: "safetensors hold no shapes of layers: put the model's config.json beside them")
    }
  }

  /// Every file's header.
  func open() throws(DataError) -> WeightFiles {
    let config = WeightFiles.isFile(folder + "config.json") ? try config() : []
    guard weights.hasSuffix(WeightFiles.indexEnding) else {
      let file = try SafetensorsFile(reading: try ByteSource(path: weights))
      return WeightFiles(safetensors: [file], path: path, config: config)
    }
    let root = try ObjectReader(parsing: try FileReader.read(path: weights), file: weights)
    let map = try root.object("weight_map")
    var places: [String: String] = [:]
    for key in map.keys { places[key] = try map.string(key) }
    var files: [SafetensorsFile] = []
    for name in Set(places.values).sorted() {
      guard !name.contains("/") else {
        throw map.error(
          "the file \(quoted(name)) is in another folder", remedy: "name files beside the index")
      }
      files.append(try SafetensorsFile(reading: try ByteSource(path: folder + name)))
    }
    for file in files {
      for tensor in file.tensors where places.removeValue(forKey: tensor.name) == nil {
        throw DataError(
          file: file.path, field: printable(tensor.name),
          "is not in the index \(printable(weights))",
          remedy: "the files are of different models")
      }
    }
    if let missing = places.min(by: { $0.key < $1.key }) {
      throw map.error(
        at: missing.key, "is not in \(quoted(missing.value))",
        remedy: "the files are of different models")
    }
    return WeightFiles(safetensors: files, path: path, config: config)
  }
}
