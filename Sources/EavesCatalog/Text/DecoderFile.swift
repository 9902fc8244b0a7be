public import Eaves

/// What a decoder's GGUF file says of it beyond shapes: how positions turn, how rows are normed, and where each
/// tensor is.
///
/// Covered are dense decoders with RMS norms, rotary positions and a gated feed-forward part with SiLU: architectures
/// `llama`, `qwen2` and `qwen3` (and Mistral, SmolLM2 and others that are stored as `llama`).
public struct DecoderFile: Sendable {
  /// The shapes.
  public let model: Model
  /// The files.
  public let files: WeightFiles
  /// What is added to the mean square of a row.
  public let epsilon: Double
  /// The base of the frequencies of rotary positions.
  public let rotaryBase: Double
  /// Whether a rotation turns neighbouring elements; else those half a head apart.
  public let turnsNeighbours: Bool

  private static let architectures = ["llama", "qwen2", "qwen3"]

  /// Reads the headers of a decoder.
  /// - Parameter files: the files of a model.
  /// - Throws: `DataError` for a model of another kind than those above.
  public init(_ files: WeightFiles) throws(DataError) {
    func refuse(_ problem: String) -> DataError {
      DataError(
        file: files.path, problem,
        remedy:
          "name the GGUF file of a dense decoder: \(Self.architectures.joined(separator: ", "))"
      )
    }
    guard files.metadata != nil else { throw refuse("is no GGUF file, so nothing can be run") }
    let metadata = try GGUFMetadata(files)
    guard Self.architectures.contains(metadata.architecture) else {
      throw refuse("models of the architecture \(quoted(metadata.architecture)) are not run here")
    }
    let model = try Model(files)
    guard Set(model.layers).count == 1, let block = model.blocks[model.layers[0]],
      let attention = block.attention, block.mixers.isEmpty, let part = block.feedForward,
      part.experts == 0, part.isGated, part.activation == .silu, model.norm == .rmsnorm,
      model.position == .rotary, block.norms == 2, !part.hasBias, !attention.hasOutputBias,
      attention.qkNorm != .full
    else {
      throw refuse("is no dense decoder with RMS norms, rotary positions and gated SiLU")
    }
    let width = try metadata.optional("rope.dimension_count") ?? attention.headSize
    guard width == attention.headSize else {
      throw refuse("turns \(width) of the \(attention.headSize) elements of a head")
    }
    self.model = model
    self.files = files
    epsilon = metadata.number("attention.layer_norm_rms_epsilon") ?? 1e-5
    rotaryBase = metadata.number("rope.freq_base") ?? 10_000
    turnsNeighbours = metadata.architecture == "llama"
    if let kind = metadata.text("\(metadata.architecture).rope.scaling.type"), kind != "none" {
      throw refuse("stretches positions (\(quoted(kind)))")
    }
  }

  /// The shape and the bytes of a tensor; `nil` where there is none of the name.
  /// - Parameter name: as `gguf-py` names it, such as `blk.0.attn_q.weight`.
  /// - Returns: rows (1 for a vector), columns, the name of the type, and the bytes.
  /// - Throws: `DataError` where the file cannot be read.
  public func tensor(
    _ name: String
  ) throws(DataError) -> (rows: Int, columns: Int, type: String, bytes: [UInt8])? {
    guard let tensor = files.tensors.first(where: { $0.name == name }) else { return nil }
    let bytes = try files.bytes(of: tensor, 0..<tensor.bytes)
    return (
      tensor.elements / max(1, tensor.rowLength), tensor.rowLength, tensor.type, bytes
    )
  }
}
