/// One pass of a model over a batch: the one shape that prefill, decode, chunks and verification share.
///
/// Prefill of a prompt of S tokens is `newTokens = S, cachedTokens = 0, logitTokens = 1`; decode at
/// context n is `1, n, 1`; a chunk is `chunk, n`; speculative verification `γ+1, n, γ+1`; an encoder
/// `S, 0`, not causal, without logits. Nothing is written once per phase.
public struct Step: Sendable, Hashable {
  /// Tokens computed in this pass, for each sequence (S).
  public var newTokens: Int
  /// Tokens whose keys and values are already cached, for each sequence (n).
  public var cachedTokens: Int
  /// Tokens of the source that a cross-attention reads, for each sequence.
  public var sourceTokens: Int
  /// Positions whose logits are computed, for each sequence.
  public var logitTokens: Int
  /// Sequences (b).
  public var batch: Int
  /// Sequences over all devices that share experts; `nil` where they are those of this device.
  public var sequences: Int?
  /// Whether a token sees only itself and what is before it.
  public var isCausal: Bool

  /// A pass over `batch` sequences.
  public init(
    newTokens: Int, cachedTokens: Int, sourceTokens: Int = 0, logitTokens: Int, batch: Int,
    isCausal: Bool = true
  ) {
    self.newTokens = newTokens
    self.cachedTokens = cachedTokens
    self.sourceTokens = sourceTokens
    self.logitTokens = logitTokens
    self.batch = batch
    self.isCausal = isCausal
  }

  /// A prompt of `tokens` tokens with none cached.
  public static func prefill(_ tokens: Int, batch: Int = 1) -> Step {
    Step(newTokens: tokens, cachedTokens: 0, logitTokens: 1, batch: batch)
  }

  /// One new token for each sequence after `context` cached ones.
  public static func decode(context: Int, batch: Int = 1) -> Step {
    Step(newTokens: 1, cachedTokens: context, logitTokens: 1, batch: batch)
  }

  /// A bidirectional pass over `tokens` tokens, without logits.
  public static func encode(_ tokens: Int, batch: Int = 1) -> Step {
    Step(newTokens: tokens, cachedTokens: 0, logitTokens: 0, batch: batch, isCausal: false)
  }

  /// A pass over one token in which every part of a model of some kind takes part.
  static func smallest(for kind: Model.Kind) -> Step {
    switch kind {
    case .decoder: .prefill(1)
    case .encoder: .encode(1)
    case .diffusion:
      Step(newTokens: 1, cachedTokens: 0, logitTokens: 1, batch: 1, isCausal: false)
    case .encoderDecoder:
      Step(newTokens: 1, cachedTokens: 0, sourceTokens: 1, logitTokens: 1, batch: 1)
    }
  }

  /// Token rows of every matrix product in the pass: T = b·S.
  public var rows: Int { batch * newTokens }

  /// Token rows over all devices that share experts.
  var rowsOfAllDevices: Int { (sequences ?? batch) * newTokens }

  /// Whether an encoder runs over a source in this pass: once, before the first token.
  public var encodesSource: Bool { sourceTokens > 0 && cachedTokens == 0 }

  /// The tokens of each sequence that the pass reads: the source where an encoder runs, else the new ones.
  public var readTokens: Int { encodesSource ? sourceTokens : newTokens }

  /// The pass of the encoder over the source of this one.
  var encoding: Step { .encode(sourceTokens, batch: batch) }

  /// The same pass over nothing but the rows whose logits are wanted.
  var lastRows: Step {
    var step = self
    step.newTokens = min(newTokens, max(1, logitTokens))
    step.cachedTokens += newTokens - step.newTokens
    return step
  }
}
