import Eaves

/// Reads the layers of a GGUF file one by one.
struct GGUFBlockReader {
  let shapes: GGUFShapes
  let layers: [GGUFLayer]
  private let heads: [Int]
  private let kvHeads: [Int]
  private let windows: [Int?]
  /// How many of the last layers read the cache of an earlier one.
  private let sharedLayers: Int

  var metadata: GGUFMetadata { shapes.metadata }
  var architecture: GGUFArchitecture { shapes.architecture }
  var hidden: Int { shapes.hidden }

  init(_ shapes: GGUFShapes, layers: [GGUFLayer]) throws(DataError) {
    self.shapes = shapes
    self.layers = layers
    let metadata = shapes.metadata
    let count = layers.count
    let heads = try metadata.each(
      "attention.head_count", count, in: 0...ModelLimits.heads.upperBound)
    self.heads = heads ?? Array(repeating: 0, count: count)
    kvHeads =
      try metadata.each("attention.head_count_kv", count, in: 0...ModelLimits.heads.upperBound)
      ?? self.heads
    sharedLayers = try metadata.optional("attention.shared_kv_layers") ?? 0
    windows = try metadata.windows(
      count, shapes.architecture.windows, startsGlobal: shapes.architecture.startsGlobal)
    guard sharedLayers < count else {
      throw metadata.error(
        "attention.shared_kv_layers", "\(sharedLayers) of \(count) layers", "write fewer")
    }
  }

  /// One layer.
  /// - Throws: `DataError` where a tensor is missing or of another size than the metadata says.
  func block(_ index: Int) throws(DataError) -> Block {
    let layer = layers[index]
    var mixers: [AnyMixerShape] = []
    var attention: Block.Attention?
    if layer.has("attn_kv_a_mqa.weight") {
      mixers.append(AnyMixerShape(try latent(layer, heads: heads[index])))
    } else if let recurrent = try recurrence(layer, heads: heads[index]) {
      mixers.append(contentsOf: recurrent)
    }
    if mixers.isEmpty || layer.has("ssm_in.weight") {
      attention = try self.attention(
        layer, heads: heads[index], kvHeads: kvHeads[index],
        sharesCache: index >= layers.count - sharedLayers)
      if architecture.kind == .encoder {
        // Half of the window on each side.
        attention?.pattern = windows[index].map { "local:\(max(1, $0 / 2))" }
      } else {
        attention?.window = windows[index]
      }
    }
    if let streams = try streams(layer) { mixers += streams }
    let norms = norms(layer)
    let part = try feedForward(layer)
    guard attention != nil || !mixers.isEmpty || part != nil else {
      throw DataError(
        file: metadata.files.path, field: layer.name, "there are no tensors that a pass reads",
        remedy: "the file holds only a part of a model, or is of a variant that cannot be imported")
    }
    return Block(
      attention: attention, mixers: mixers, feedForward: part, norms: norms.count,
      isParallel: isParallel(layer), extraNormSizes: norms.extra)
  }

  /// What the model has around its layers that the architecture brings.
  func complete(_ model: inout Model) throws(DataError) {
    let norm = layers.first.map { layer in
      layer.names.contains { $0.hasSuffix("norm.bias") || $0.hasSuffix("norm_2.bias") }
    }
    if norm == true { model.normHasBias = true }
    // Baichuan 13B has biases by distance where 7B has rotary positions.
    if architecture.name == "baichuan", layers.count == 40 { model.position = .alibi }
    try completeStreams(&model)
  }

  private func isParallel(_ layer: GGUFLayer) -> Bool {
    switch architecture.parallel {
    case .never: false
    case .always: true
    case .stated: metadata.boolean("use_parallel_residual") ?? true
    case .withoutOwnNorm: !layer.has("ffn_norm.weight")
    }
  }

  /// Norm vectors of the model's width, and the sizes of others that no mixer has.
  private func norms(_ layer: GGUFLayer) -> (count: Int, extra: [Int]) {
    var count = 0
    var extra: [Int] = []
    for name in layer.names where name.hasSuffix(".weight") && name.contains("norm") {
      let isOfMixer = Self.mixerNorms.contains { name.hasPrefix($0) }
      guard !isOfMixer, let elements = layer.elements(name) else { continue }
      if elements == hidden { count += 1 } else { extra.append(elements) }
    }
    return (count, extra)
  }

  /// Norms that belong to attention or to a mixer.
  private static let mixerNorms = [
    "attn_q_", "attn_k_", "attn_kv_a_", "ssm_", "altup_", "laurel_", "post_norm", "nextn.",
  ]

  /// An error at a tensor of a layer.
  func wrong(_ layer: GGUFLayer, _ name: String, _ problem: String) -> DataError {
    DataError(
      file: metadata.files.path, field: "\(layer.name).\(name)", problem,
      remedy: "the file is damaged, or of a variant that cannot be imported")
  }

  /// The rows of a matrix that must be there.
  func rows(_ layer: GGUFLayer, _ name: String) throws(DataError) -> Int {
    guard let rows = layer.rows(name) else { throw wrong(layer, name, "there is no such tensor") }
    return rows
  }

  /// The length of the rows of a matrix that must be there.
  func columns(_ layer: GGUFLayer, _ name: String) throws(DataError) -> Int {
    guard let columns = layer.columns(name) else {
      throw wrong(layer, name, "there is no such tensor")
    }
    return columns
  }

  /// A width that a number of heads have between them.
  func share(
    _ layer: GGUFLayer, _ name: String, _ width: Int, of heads: Int
  ) throws(DataError) -> Int {
    guard heads > 0, width > 0, width.isMultiple(of: heads),
      ModelLimits.heads.contains(width / heads)
    else {
      throw wrong(layer, name, "\(heads) heads cannot share a width of \(width) equally")
    }
    return width / heads
  }
}

extension GGUFMetadata {
  /// The window of each layer.
  /// - Parameters:
  ///   - count: how many layers there are.
  ///   - rule: which have the window where no list or period says it.
  ///   - startsGlobal: whether the first of a period has none, rather than the last.
  /// - Returns: one window a layer; `nil` for full attention.
  /// - Throws: `DataError` at a window out of range, or a key of another kind.
  func windows(
    _ count: Int, _ rule: WindowRule?, startsGlobal: Bool = false
  ) throws(DataError) -> [Int?] {
    let none = [Int?](repeating: nil, count: count)
    guard let window = try optional("attention.sliding_window"), window > 0 else { return none }
    guard ModelLimits.tokens.contains(window) else {
      throw error("attention.sliding_window", "found \(window)", "write a window")
    }
    let key = "attention.sliding_window_pattern"
    if let layers = list(key), layers.count >= count {
      return layers.prefix(count).map { $0 == 1 ? window : nil }
    }
    func periodic(_ period: Int) -> [Int?] {
      (0..<count).map { (startsGlobal ? $0 : $0 + 1).isMultiple(of: period) ? nil : window }
    }
    if let period = try optional(key), period > 0 { return periodic(period) }
    switch architecture == "llama" ? .everyLayer : rule {
    case .everyLayer?: return none.map { _ in window }
    case .allButEvery(let period)?: return periodic(period)
    case .fromLayer?, nil: return none
    }
  }
}
