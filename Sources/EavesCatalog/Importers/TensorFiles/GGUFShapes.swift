import Eaves

/// Reads the shapes of a model off the tensors of a GGUF file, with its metadata for what tensors do not show.
///
/// Heads, experts a token uses, windows and the sizes of states come from the metadata and must agree with the
/// tensors; biases, norms, gates, widths and which layers have what are what the file holds.
struct GGUFShapes {
  let metadata: GGUFMetadata
  let architecture: GGUFArchitecture
  let hidden: Int

  init(_ metadata: GGUFMetadata, _ architecture: GGUFArchitecture) throws(DataError) {
    self.metadata = metadata
    self.architecture = architecture
    hidden = try metadata.integer("embedding_length", in: ModelLimits.widths)
  }

  /// The model without formats.
  /// - Throws: `DataError` where a tensor or a key is missing, or they contradict each other.
  func model() throws(DataError) -> Model {
    if ["t5", "t5encoder"].contains(architecture.name) { return try encoderDecoder() }
    let stack = GGUFLayer.layers(of: metadata.files.tensors, stack: "blk")
    let all = try metadata.integer("block_count", in: ModelLimits.layers)
    let further = try metadata.optional("nextn_predict_layers") ?? 0
    guard further < all else {
      throw metadata.error("nextn_predict_layers", "\(further) of \(all) layers", "write fewer")
    }
    // Files may leave out the layers that predict further tokens.
    let count = all - further
    guard stack.count >= count else {
      throw metadata.error(
        "block_count", "\(all), but the tensors are of \(stack.count) layers",
        "the file holds only a part of a model")
    }
    let reader = try GGUFBlockReader(self, layers: Array(stack.prefix(count)))
    var named = GGUFBlockNames()
    for index in 0..<count { named.append(try reader.block(index)) }
    var model = try ends(named)
    if further > 0 {
      model.notes.append("without \(further) layers that predict further tokens")
    }
    try reader.complete(&model)
    return model
  }

  /// Embeddings, positions, norms and head around named layers.
  func ends(_ named: GGUFBlockNames) throws(DataError) -> Model {
    let table = try metadata.shape(of: "token_embd.weight")
    guard table.count == 2, table[1] == hidden else {
      throw metadata.error(
        "embedding_length", "\(hidden), but the rows of token_embd.weight have \(table.last ?? 0)",
        "the file is damaged, or of a variant that cannot be imported")
    }
    let context = try metadata.integer("context_length", in: ModelLimits.tokens)
    let isLFM = architecture.family == "lfm2"
    var model = Model(
      id: ImportedName.id(of: metadata.files.path), name: "", family: family,
      kind: architecture.kind, hiddenSize: hidden, vocabulary: table[0],
      hasTiedEmbeddings: !metadata.hasTensor("output.weight"), maxContext: context,
      publishedFormat: .f32, norm: architecture.norm, position: architecture.position,
      blocks: named.blocks, layers: named.layers)
    model.name = model.id
    model.normHasBias =
      metadata.hasTensor("output_norm.bias") || metadata.hasTensor("token_embd_norm.bias")
    let hasEmbeddingNorm = metadata.hasTensor("token_embd_norm.weight")
    // In LFM2 the norm at the end has the name of the other.
    model.hasFinalNorm =
      metadata.hasTensor("output_norm.weight") || (isLFM && hasEmbeddingNorm)
      || metadata.hasTensor("dec.output_norm.weight")
      || metadata.hasTensor("enc.output_norm.weight")
    model.hasEmbeddingNorm = hasEmbeddingNorm && !isLFM
    model.headHasBias = metadata.hasTensor("output.bias")
    if metadata.hasTensor("position_embd.weight") {
      model.positionRows = try metadata.shape(of: "position_embd.weight")[0]
    }
    if metadata.hasTensor("token_types.weight") {
      let types = try metadata.shape(of: "token_types.weight")
      model.tokenTypes = types.count > 1 ? types[0] : 1
    }
    if let note = architecture.note { model.notes.append(note) }
    dropWideWindows(&model)
    return model
  }

  /// A window that the longest context fits into changes nothing.
  private func dropWideWindows(_ model: inout Model) {
    let windows = model.blocks.values.compactMap { $0.attention?.window }
    guard let window = windows.min(), window >= model.maxContext else { return }
    for name in model.blocks.keys { model.blocks[name]?.attention?.window = nil }
    model.notes.append(
      "the window of \(window) tokens is no smaller than the context: full attention")
  }

  /// Mistral and Mixtral files call themselves Llama.
  private var family: String {
    guard architecture.name == "llama" else { return architecture.family }
    let isMistral =
      metadata.has("attention.sliding_window") || metadata.has("expert_count", otherThan: 0)
    return isMistral ? "mistral" : architecture.family
  }
}

/// The layers of a model with names for their blocks: the same name for the same block.
struct GGUFBlockNames {
  private(set) var blocks: [String: Block] = [:]
  private(set) var layers: [String] = []
  private var names: [Block: String] = [:]

  /// Adds the next layer.
  mutating func append(_ block: Block, prefix: String = "") {
    if let name = names[block] {
      layers.append(name)
      return
    }
    let base = prefix + Self.word(for: block)
    var name = base
    var number = 2
    while blocks[name] != nil {
      name = "\(base)-\(number)"
      number += 1
    }
    names[block] = name
    blocks[name] = block
    layers.append(name)
  }

  private static func word(for block: Block) -> String {
    var word = ""
    if let attention = block.attention {
      word =
        (attention.sharesCache ? "shared-" : "") + (attention.window == nil ? "global" : "local")
    }
    let labels = block.mixers.map(\.shape.label).filter { !$0.isEmpty && $0 != "cross" }
    word = ([word] + labels).filter { !$0.isEmpty }.joined(separator: "-")
    if word.isEmpty { return "feed-forward" }
    return word + (block.feedForward.map { $0.experts > 0 ? "-experts" : "" } ?? "")
  }
}
