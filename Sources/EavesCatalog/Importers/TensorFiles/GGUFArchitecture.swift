import Eaves

/// What the value of `general.architecture` says of a model that its tensors and metadata do not.
///
/// Everything else (heads, widths, biases, norms, experts, states) is read off the tensors: see `GGUFShapes`.
/// Source: `src/llama-arch.cpp` and `src/models/` of ggml-org/llama.cpp for what each one computes, `constants.py`
/// of `gguf-py` for keys and tensors.
struct GGUFArchitecture: Sendable {
  /// Whether attention and feed-forward part read the same normalised input.
  enum Parallel: Sendable {
    case never, always
    /// The key `use_parallel_residual`, `true` where it is left out.
    case stated
    /// Where there is no norm of its own before the feed-forward part.
    case withoutOwnNorm
  }

  let name: String
  /// The family in our own names.
  let family: String
  var kind = Model.Kind.decoder
  var norm = Model.Norm.rmsnorm
  var activation = Block.FeedForward.Activation.silu
  /// The activation of parts with a gate, where it is another.
  var gatedActivation: Block.FeedForward.Activation?
  var position = Model.Position.rotary
  var parallel = Parallel.never
  /// Which layers have the window where no list says it; `nil` where the window is for lists alone.
  var windows: WindowRule?
  /// Whether the first of every period of layers is the one without the window, rather than the last.
  var startsGlobal = false
  /// What a reader should know of the count.
  var note: String?

  static func named(_ name: String) -> GGUFArchitecture? { all.first { $0.name == name } }

  /// Files with this architecture that hold no language model, and what they are.
  static let others: [String: String] = [
    "clip": "a projector of pictures or sound (mmproj), no language model",
    "wavtokenizer-dec": "a decoder of sound, no language model",
  ]
}
