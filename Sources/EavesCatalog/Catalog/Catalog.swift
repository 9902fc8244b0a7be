public import Eaves

/// Finds chips, runtimes, models and studies by name or path, and reads only those that are asked for.
public struct Catalog: Sendable {
  /// What is compiled into the library.
  public static let shipped = Catalog { kind in
    switch kind {
    case .chip: EmbeddedData.chips
    case .runtime: EmbeddedData.runtimes
    case .model: EmbeddedData.models
    case .study: EmbeddedData.studies
    case .preset: EmbeddedData.presets
    case .evidence: EmbeddedData.evidence
    }
  }

  private let table: @Sendable (CatalogFile.Kind) -> [EmbeddedFile]

  init(table: @escaping @Sendable (CatalogFile.Kind) -> [EmbeddedFile]) {
    self.table = table
  }

  /// The ids of everything shipped of one kind, in the order of the files' names.
  public func names(of kind: CatalogFile.Kind) -> [String] { table(kind).map(\.id) }

  /// Everything shipped of one kind, unread.
  public func files(of kind: CatalogFile.Kind) -> [CatalogFile] {
    table(kind).map { Self.file($0, kind) }
  }

  /// A chip by name or path.
  /// - Throws: `DataError` where there is none, or its file is bad.
  public func chip(named name: String) throws(DataError) -> Loaded<Chip> {
    let file = try file(.chip, named: name)
    return Loaded(try Chip(parsing: file.bytes, file: file.path), from: file)
  }

  /// A runtime by name or path.
  /// - Throws: `DataError` where there is none, or its file is bad.
  public func runtime(named name: String) throws(DataError) -> Loaded<Runtime> {
    let file = try file(.runtime, named: name)
    return Loaded(try Runtime(parsing: file.bytes, file: file.path), from: file)
  }

  /// A model by name or path; a path may be that of a Hugging Face `config.json`, or of weights in GGUF or
  /// safetensors, of which the headers are read.
  /// - Throws: `DataError` where there is none, or its file is bad.
  public func model(named name: String) throws(DataError) -> Loaded<Model> {
    if find(name, .model) == nil, Self.isPath(name), WeightFiles.kind(of: name) != nil {
      let (model, files) = try Model.reading(weights: name)
      return Loaded(model, name: name, hash: files.hash)
    }
    let file = try file(.model, named: name)
    if file.name == file.path, HuggingFaceConfig.isOne(file.bytes, file: file.path) {
      return Loaded(try Model(huggingFace: file.bytes, file: file.path), from: file)
    }
    return Loaded(try Model(parsing: file.bytes, file: file.path), from: file)
  }

  /// A preset by name or path.
  /// - Throws: `DataError` where there is none, or its file is bad.
  public func preset(named name: String) throws(DataError) -> Loaded<Preset> {
    let file = try file(.preset, named: name)
    return Loaded(try Preset(parsing: file.bytes, file: file.path), from: file)
  }

  /// The file that a name or a path stands for.
  ///
  /// The id or an alias of something shipped, in capitals or small letters, comes first: aliases may have a
  /// slash (`openai-community/gpt2`). Anything else with a slash, or that ends in `.json`, `.gguf` or `.safetensors`, is a path.
  /// - Parameters:
  ///   - kind: What the file must describe.
  ///   - name: The name or path.
  /// - Returns: The file with its bytes.
  /// - Throws: `DataError` (`notFound`) with the nearest names, or what `FileReader` throws for a path.
  public func file(
    _ kind: CatalogFile.Kind, named name: String
  ) throws(DataError) -> CatalogFile {
    if let shipped = find(name, kind) { return Self.file(shipped, kind) }
    guard !Self.isPath(name) else { return try userFile(kind, path: name) }
    throw DataError(
      .notFound, "no \(kind.rawValue) \(quoted(name))", remedy: remedy(name, kind))
  }

  /// Whether a name that is not shipped stands for a file of the user's own.
  public static func isPath(_ name: String) -> Bool {
    name.utf8.contains(UInt8(ascii: "/"))
      || [".json", ".gguf", ".safetensors"].contains { name.hasSuffix($0) }
  }

  private func find(_ name: String, _ kind: CatalogFile.Kind) -> EmbeddedFile? {
    let wanted = name.lowercased()
    let files = table(kind)
    return files.first { $0.id.lowercased() == wanted }
      ?? files.first { $0.aliases.contains { $0.lowercased() == wanted } }
  }

  private func userFile(_ kind: CatalogFile.Kind, path: String) throws(DataError) -> CatalogFile {
    do {
      return CatalogFile(
        kind: kind, name: path, path: path, bytes: try FileReader.read(path: path))
    } catch  where error.kind == .notFound && error.remedy.isEmpty {
      // Someone who asks for `llama-3.1-8b.json` probably means what is shipped under that name.
      let last = path.split(separator: "/").last.map(String.init) ?? path
      let stem = last.hasSuffix(".json") ? String(last.dropLast(".json".count)) : last
      let near = find(stem, kind).map { [$0.id] } ?? nearest(path, kind)
      guard !near.isEmpty else { throw error }
      throw DataError(
        .notFound, file: path, error.problem,
        remedy: "did you mean the shipped \(kind.rawValue) \(Suggestion.alternatives(near))?")
    }
  }

  private func remedy(_ name: String, _ kind: CatalogFile.Kind) -> String {
    let list =
      kind == .preset ? "eaves techniques list shows all" : "eaves \(kind.plural) list shows all"
    for other in CatalogFile.Kind.allCases where other != .evidence && find(name, other) != nil {
      return "that is a \(other.rawValue) (\(list))"
    }
    let near = nearest(name, kind)
    return near.isEmpty ? list : "did you mean \(Suggestion.alternatives(near))? (\(list))"
  }

  /// The ids of what has a name like this one.
  private func nearest(_ name: String, _ kind: CatalogFile.Kind) -> [String] {
    var ids: [String: String] = [:]
    for file in table(kind).reversed() {
      for name in file.aliases + [file.id] { ids[name] = file.id }
    }
    var near: [String] = []
    for name in Suggestion.nearest(name, among: ids.keys) {
      if let id = ids[name], !near.contains(id) { near.append(id) }
    }
    return near
  }

  private static func file(_ embedded: EmbeddedFile, _ kind: CatalogFile.Kind) -> CatalogFile {
    CatalogFile(
      kind: kind, name: embedded.id, path: "\(embedded.path)", bytes: embedded.bytes)
  }
}
