public import Eaves

extension Model {
  /// Reads the shapes and formats of a GGUF or safetensors model from the headers of its files.
  /// - Parameter path: a `.gguf` or `.safetensors` file, an index of such, or a folder with them.
  /// - Returns: the model, and what was read of its files.
  /// - Throws: `DataError` where a header is bad, the architecture is not supported, or tensors and shapes
  ///   contradict each other.
  static func reading(weights path: String) throws(DataError) -> (model: Model, files: WeightFiles)
  {
    let files = try WeightFiles(path: path)
    return (try Model(files), files)
  }

  /// The model in files whose headers were read.
  /// - Throws: `DataError` as `reading` does.
  public init(_ files: WeightFiles) throws(DataError) {
    if files.metadata == nil {
      let place = try SafetensorsPlace(path: files.path)
      let config = try place.config()
      let shapes = try Model(huggingFace: config, file: place.folder + "config.json")
      self = try StoredModel(files, HuggingFaceNames.placement).model(shapes)
      id = ImportedName.id(
        of: WeightFiles.isFolder(files.path) ? place.folder + "config.json" : files.path)
      if id == "model" { id = shapes.id }
      name = id
      source = "safetensors, with config.json"
      // The tensors say what the weights are stored in.
      notes = notes.map { $0.replacing(", torch_dtype = f32", with: "") }
      return
    }
    self = try Self.gguf(files)
  }

  private static func gguf(_ files: WeightFiles) throws(DataError) -> Model {
    let metadata = try GGUFMetadata(files)
    let architecture = try metadata.supportedArchitecture()
    let shapes = try GGUFShapes(metadata, architecture).model()
    let names = GGUFNames(files.tensors)
    var model = try StoredModel(files, names.placement).model(shapes)
    model.name = metadata.text("general.name") ?? model.id
    model.source = "GGUF, architecture \(metadata.architecture)"
    if let type = metadata.general("general.file_type").flatMap(GGUFType.fileType) {
      model.notes.append("general.file_type is \(type)")
    }
    return model
  }
}

extension GGUFMetadata {
  /// The architecture of the model in the file.
  /// - Throws: `DataError` in one line: what the file is if no model, or which architectures are read.
  fileprivate func supportedArchitecture() throws(DataError) -> GGUFArchitecture {
    let type = text("general.type") ?? "model"
    let other = GGUFArchitecture.others[architecture]
    guard other == nil, type == "model" else {
      throw DataError(
        file: files.path, field: other == nil ? "general.type" : "general.architecture",
        other.map { "\(quoted(architecture)) is \($0)" } ?? "\(quoted(type)) is no model",
        remedy: "name the file of the language model")
    }
    if let architecture = GGUFArchitecture.named(architecture) { return architecture }
    let supported = GGUFArchitecture.all.map(\.name).sorted().joined(separator: ", ")
    throw DataError(
      file: files.path, field: "general.architecture", "\(quoted(architecture)) is not supported",
      remedy: "supported are \(supported)")
  }
}
