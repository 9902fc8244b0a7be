/// The options of a configuration: the same on every command, each an axis of the same name.
public enum Option: String, Sendable, Hashable, CaseIterable {
  case model, chip, runtime
  case powerMode = "power-mode"
  case weights, kv, activations
  case attention, pattern, schedule, cache, sparsity, decoding, experts
  case devices, parallel
  case phase, batch, context, prompt, generate

  /// What an option is about, for help.
  public var help: String {
    switch self {
    case .model: "a shipped model, or a path"
    case .chip: "a shipped chip, or a path"
    case .runtime: "ideal, llama.cpp, tensorrt-llm, pytorch, or a path"
    case .powerMode: "a power mode of the chip"
    case .weights:
      "format of the weights: f16, q4_k_m, int4/128+f16 …, or published; and of some tensors, "
        + "q4_k:head=q8_0"
    case .kv: "format of the KV cache: f16, q8_0 …"
    case .activations: "format of the activations: f16, bf16, int8 …"
    case .attention: "head sharing (model, mha, gqa:GROUPS, mqa, cla:LAYERS, mla), or a preset"
    case .pattern:
      "which keys are read: model, \(PatternList.names.joined(separator: ", ")); window:4k …"
    case .schedule: "materialised, flash1, flash2, split-kv"
    case .cache:
      "which entries are kept, and how: rolling (window layers keep their window), full, "
        + "sinks:4+1020, h2o:0.2, kivi:2, paged:16 … (any other word lists all)"
    case .sparsity:
      "what is left out: dense, unstructured:0.5, 2:4, heads:0.5, neurons:0.5, layers:0.5, "
        + "activations:0.9, or several joined by +"
    case .decoding:
      "the model's own (model), autoregressive, diffusion:steps=N:length=TOKENS, "
        + "speculative:draft=MODEL:gamma=N|best:alpha=A, early-exit:exits=LAYER@SHARE"
    case .experts:
      "where experts are kept: resident, offload, lru:N; zipf=S or trace=FILE for how tokens choose, "
        + "prefetch=SHARE for right guesses"
    case .devices: "devices of this kind that share the work"
    case .parallel: "how devices share: tensor, ring, expert, pipeline"
    case .phase: "decode, prefill or both"
    case .batch: "sequences"
    case .context: "tokens cached (decode) or in the prompt (prefill): 8k, 128K, 1M"
    case .prompt: "tokens of the prompt"
    case .generate: "tokens to generate"
    }
  }

  /// The value where none is given; `nil` where the model, the chip or nothing decides.
  public var defaultValue: String? {
    switch self {
    case .phase: "decode"
    case .batch: "1"
    case .context: "8k"
    case .schedule: "flash2"
    case .devices: "1"
    case .sparsity: "dense"
    case .experts: "resident"
    case .parallel: "none"
    case .model, .chip, .runtime, .powerMode, .weights, .kv, .activations, .attention, .pattern,
      .cache, .decoding, .prompt, .generate:
      nil
    }
  }

  /// Options of which only the step depends: they vary without compiling anything again.
  public var isStepOption: Bool {
    switch self {
    case .phase, .batch, .context, .prompt, .generate: true
    default: false
    }
  }
}

/// The two passes of autoregressive inference.
public enum Phase: String, Sendable, Hashable, CaseIterable {
  case prefill, decode
}

/// A value that an option does not take.
public struct OptionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The option.
  public let option: Option
  /// What is wrong, naming the value.
  public let problem: String
  /// What to write instead.
  public let remedy: String

  /// An unusable value.
  public init(_ option: Option, problem: String, remedy: String) {
    self.option = option
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String { "--\(option.rawValue): \(problem); \(remedy)" }
}
