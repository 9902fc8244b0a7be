import Eaves
import EavesBlocks
import EavesCatalog
import EavesKernels

/// The weights of a decoder's file in float32, as they are stored or rounded to a scheme.
struct StoredDecoder {
  let file: DecoderFile
  /// As they are stored.
  let weights: DecoderWeights
  private let attention: Block.Attention
  private let places: [String: TensorPlace]

  /// Reads every tensor.
  /// - Throws: `DataError` where one is missing, is no matrix of the model, or is stored in a type that is not read.
  init(_ file: DecoderFile) throws(DataError) {
    let model = file.model
    guard let block = model.layers.first.flatMap({ model.blocks[$0] }),
      let attention = block.attention
    else {
      throw DataError(file: file.files.path, "has no layers", remedy: "name a decoder")
    }
    self.file = file
    self.attention = attention
    places = Dictionary(
      file.files.matrices(of: model).map { ($0.tensor.name, $0.place) },
      uniquingKeysWith: { first, _ in first })
    var layers: [DecoderWeights.Layer] = []
    for index in model.layers.indices {
      layers.append(try Self.layer(file, "blk.\(index).", block, attention))
    }
    let head = model.hasTiedEmbeddings ? nil : try Self.matrix(file, "output.weight")
    weights = DecoderWeights(
      embedding: try Self.matrix(file, "token_embd.weight"), head: head,
      finalNorm: try Self.matrix(file, "output_norm.weight").elements, layers: layers)
  }

  private static func layer(
    _ file: DecoderFile, _ prefix: String, _ block: Block, _ attention: Block.Attention
  ) throws(DataError) -> DecoderWeights.Layer {
    func read(_ name: String) throws(DataError) -> Matrix<Float> {
      try matrix(file, "\(prefix)\(name).weight")
    }
    var layer = DecoderWeights.Layer(
      attentionNorm: try read("attn_norm").elements, query: try read("attn_q"),
      key: try read("attn_k"), value: try read("attn_v"), output: try read("attn_output"),
      feedForwardNorm: try read("ffn_norm").elements, gate: try read("ffn_gate"),
      up: try read("ffn_up"), down: try read("ffn_down"))
    if attention.hasQKVBias {
      for name in ["attn_q", "attn_k", "attn_v"] {
        layer.qkvBias += try matrix(file, "\(prefix)\(name).bias").elements
      }
    }
    if attention.qkNorm == .head {
      layer.queryNorm = try read("attn_q_norm").elements
      layer.keyNorm = try read("attn_k_norm").elements
    }
    return layer
  }

  private static func matrix(
    _ file: DecoderFile, _ name: String
  ) throws(DataError) -> Matrix<Float> {
    guard let tensor = try file.tensor(name) else {
      throw DataError(
        file: file.files.path, field: name, "there is no such tensor",
        remedy: "name a file whose queries, keys and values are stored one by one")
    }
    guard let values = TensorValues.read(tensor.bytes, as: tensor.type) else {
      throw DataError(
        file: file.files.path, field: name,
        "values stored as \(tensor.type) cannot be read here",
        remedy: "name a file in f32, f16, bf16 or a block format")
    }
    guard values.allSatisfy({ $0.isFinite }),
      let matrix = try? Matrix(rows: tensor.rows, columns: tensor.columns, elements: values)
    else {
      throw DataError(
        file: file.files.path, field: name, "holds values that are no finite numbers",
        remedy: "the file is damaged; get it again")
    }
    return matrix
  }

  /// What a pass of the model needs beside its weights.
  func setting() throws(DataError) -> DecoderPass.Setting {
    let factors = try file.tensor("rope_freqs.weight")
      .flatMap { TensorValues.read($0.bytes, as: $0.type) }
    return DecoderPass.Setting(
      model: file.model, epsilon: file.epsilon,
      rotary: RotaryPositions(
        width: attention.headSize, base: file.rotaryBase, factors: factors ?? [],
        turnsNeighbours: file.turnsNeighbours))
  }

  /// Requires that weights can be rounded to every format that a scheme has for them.
  /// - Throws: `DataError` for the first that they cannot.
  func check(_ scheme: WeightScheme) throws(DataError) {
    for place in places.values { _ = try Self.quantiser(of: scheme, at: place) }
  }

  /// Rounds weights to a scheme: every matrix, embeddings and head too; zeros stay zeros.
  /// - Parameters:
  ///   - weights: those of the file, or what is left of them; layers that went are not there.
  ///   - scheme: the formats.
  ///   - kept: the numbers of the layers in the whole model.
  /// - Throws: `DataError` for a format that weights cannot be rounded to.
  func round(
    _ weights: inout DecoderWeights, to scheme: WeightScheme, layers kept: [Int]
  ) throws(DataError) {
    let model = file.model
    for (index, number) in kept.enumerated() {
      for (path, role) in DecoderWeights.Layer.roles {
        let name = "blk.\(number).\(Self.names[role] ?? "").weight"
        guard let place = places[name] else { continue }
        try Self.round(&weights.layers[index][keyPath: path], to: scheme, at: place)
      }
    }
    let embedding = TensorPlace(
      role: .embedding, layers: model.layers.count, rowLength: model.hiddenSize,
      isTied: model.hasTiedEmbeddings)
    try Self.round(&weights.embedding, to: scheme, at: embedding)
    if var head = weights.head {
      let place = TensorPlace(
        role: .head, layers: model.layers.count, rowLength: model.hiddenSize)
      try Self.round(&head, to: scheme, at: place)
      weights.head = head
    }
  }

  private static let names: [TensorRole: String] = [
    .query: "attn_q", .key: "attn_k", .value: "attn_v", .attentionOutput: "attn_output",
    .gate: "ffn_gate", .up: "ffn_up", .down: "ffn_down",
  ]

  private static func round(
    _ matrix: inout Matrix<Float>, to scheme: WeightScheme, at place: TensorPlace
  ) throws(DataError) {
    let quantiser = try quantiser(of: scheme, at: place)
    let rounded = WeightError.rounded(matrix.elements, columns: matrix.columns, by: quantiser)
    for index in matrix.elements.indices where matrix.elements[index] != 0 {
      matrix.elements[index] = rounded[index]
    }
  }

  private static func quantiser(
    of scheme: WeightScheme, at place: TensorPlace
  ) throws(DataError) -> any Quantiser {
    let format = scheme.format(of: place)
    guard let quantiser = QuantiserList.quantiser(of: format) else {
      throw DataError(
        .notFound, "\(scheme.name): weights cannot be rounded to \(format.name) here",
        remedy: "eaves formats measure --help lists those that can")
    }
    return quantiser
  }
}
