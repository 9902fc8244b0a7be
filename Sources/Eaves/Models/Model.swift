/// A model: shapes only, as its configuration file states them.
///
/// Read from `Scenarios/models/*.json` (schema version 1, `docs/schema/model.schema.json`) or from a
/// Hugging Face `config.json`. What formats its tensors have, and what work a step is, comes from
/// `CompiledModel`.
public struct Model: Sendable {
  /// What sort of transformer it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Causal, generates tokens, keeps a cache.
    case decoder
    /// Bidirectional, one pass, no cache and no logits.
    case encoder
    /// An encoder over a source, and a decoder that reads it through cross-attention.
    case encoderDecoder = "encoder_decoder"
    /// Bidirectional, generates by denoising its whole text again and again; no cache unless asked for.
    case diffusion

    /// Whether steps build on a cache or a state of earlier tokens.
    public var keepsCache: Bool { self == .decoder || self == .encoderDecoder }
    /// Whether there is an output head over the vocabulary.
    public var hasHead: Bool { self != .encoder }
    /// Whether a token sees only itself and what is before it.
    public var isCausal: Bool { keepsCache }
    /// Whether prefill and decode are the same pass.
    public var isOnePass: Bool { onlyPhase != nil }
    /// The phase that results name where there is one pass: an encoder reads, a diffusion model writes.
    public var onlyPhase: Phase? {
      switch self {
      case .encoder: .prefill
      case .diffusion: .decode
      case .decoder, .encoderDecoder: nil
      }
    }
  }

  /// How rows are normalised.
  public enum Norm: String, Sendable, Hashable, CaseIterable {
    case rmsnorm, layernorm
    /// Scale and shift without statistics (MobileBERT's NoNorm).
    case affine
  }

  /// How positions enter.
  public enum Position: String, Sendable, Hashable, CaseIterable {
    case rotary, learned, alibi, relative, none
  }

  public var id: String
  public var name: String
  public var family: String
  public var hfID: String?
  public var kind: Kind
  public var aliases: [String]
  /// Model width (d).
  public var hiddenSize: Int
  /// Rows of the embedding table (V); 0 for a model that reads images.
  public var vocabulary: Int
  public var hasTiedEmbeddings: Bool
  public var maxContext: Int
  /// Format of the published weights, and of groups of tensors that differ.
  public var publishedFormat: NumberFormat
  public var publishedGroups: [TensorGroup: NumberFormat]
  /// The formats of its tensors one by one, where the model was read from a file of weights.
  public var stored: StoredWeights?
  /// Frequency factors of rotary positions that are stored as a table in f32 (`rope_freqs` of GGUF); 0 for none.
  public var rotaryFactors: Int
  public var norm: Norm
  public var normHasBias: Bool
  public var hasFinalNorm: Bool
  public var hasEmbeddingNorm: Bool
  public var position: Position
  /// Rows of a learned position table.
  public var positionRows: Int
  /// Rows of a segment table.
  public var tokenTypes: Int
  public var hasPooler: Bool
  /// Width of the embedding table where it differs from `hiddenSize`; a projection with a bias follows.
  public var embeddingSize: Int?
  /// Neighbouring tokens whose embeddings are concatenated before that projection (MobileBERT: 3); where
  /// there are several, positions, segments and norm come after it, else before (ALBERT).
  public var embeddingSpan: Int
  /// What makes tokens of an image; `nil` for a model of text.
  public internal(set) var image: ImageInput?
  /// Classes that an encoder tells apart, and from what; `nil` where its rows are the result.
  public var classifier: Classifier?
  public var blocks: [String: Block]
  /// The name of each layer's block, first layer first.
  public var layers: [String]
  /// Layers of the whole model where these are the first of them: formats go by their place in it.
  var depth: Int?
  /// The layers of the encoder of an encoder-decoder, first layer first; empty for others.
  public var encoderLayers: [String]
  /// Tokens (frames) that the encoder of an encoder-decoder always has; `nil` where the prompt says it.
  public var sourceTokens: Int?
  /// What that encoder reads where it is no text of the same vocabulary.
  public var encoderInput: EncoderInput?
  public var headHasBias: Bool
  /// Embeddings of each layer's own, where there are such.
  public var perLayerEmbedding: PerLayerEmbedding?
  /// Residual streams that pass through the layers; 1 but for alternating updates.
  public var residualStreams: Int
  /// Published figures that the counts must reproduce; no cost reads them.
  public var checks: Checks
  public var source: String
  public var isVerified: Bool
  public var notes: [String]
  /// Why its sizes do not go together; `nil` for every model that can be costed.
  public var refusal: Refusal?

  /// Published counts of a model.
  public struct Checks: Sendable, Hashable {
    public var parameters: Int?
    public var active: ActiveParameters?
    public var publishedParameters: Double?
    public var publishedActiveParameters: Double?
    public var publishedActiveConvention: String?
    public var kvBytesPerToken: Int?
    public var kvWindowBytes: Int?
    /// Bytes of the recurrent states of one sequence.
    public var stateBytes: Int?

    /// Nothing published.
    public init() {}
  }

  /// The three conventions of "active parameters".
  public struct ActiveParameters: Sendable, Hashable {
    public var withEmbeddings: Int
    public var withoutInputEmbedding: Int
    public var withoutEmbeddings: Int

    /// The three counts.
    public init(withEmbeddings: Int, withoutInputEmbedding: Int, withoutEmbeddings: Int) {
      self.withEmbeddings = withEmbeddings
      self.withoutInputEmbedding = withoutInputEmbedding
      self.withoutEmbeddings = withoutEmbeddings
    }
  }

  /// A decoder without the rarer parts; they are set afterwards.
  public init(
    id: String, name: String, family: String, kind: Kind, hiddenSize: Int, vocabulary: Int,
    hasTiedEmbeddings: Bool, maxContext: Int, publishedFormat: NumberFormat, norm: Norm,
    position: Position, blocks: [String: Block], layers: [String]
  ) {
    self.id = id
    self.name = name
    self.family = family
    self.kind = kind
    self.aliases = []
    self.hiddenSize = hiddenSize
    self.vocabulary = vocabulary
    self.hasTiedEmbeddings = hasTiedEmbeddings
    self.maxContext = maxContext
    self.publishedFormat = publishedFormat
    self.publishedGroups = [:]
    self.rotaryFactors = 0
    self.norm = norm
    self.normHasBias = norm != .rmsnorm
    self.hasFinalNorm = true
    self.hasEmbeddingNorm = false
    self.position = position
    self.positionRows = 0
    self.tokenTypes = 0
    self.hasPooler = false
    self.embeddingSpan = 1
    self.blocks = blocks
    self.layers = layers
    self.encoderLayers = []
    self.headHasBias = false
    self.residualStreams = 1
    self.checks = Checks()
    self.source = ""
    self.isVerified = true
    self.notes = []
  }
}
