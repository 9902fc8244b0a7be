import Eaves

extension GGUFArchitecture {
  /// Every architecture that is read.
  static let all: [GGUFArchitecture] =
    llamas + qwens + gemmas + mixtures + olders + layerNorms + latents + recurrents + encoders

  /// RMS norms, rotary positions, gated SiLU.
  private static let llamas: [GGUFArchitecture] =
    [
      ("llama", "llama"), ("deci", "llama"), ("mistral3", "mistral"), ("smollm3", "smollm"),
      ("granite", "granite"), ("exaone", "exaone"), ("internlm2", "internlm"),
      ("minicpm", "minicpm"), ("xverse", "xverse"), ("chatglm", "glm"), ("glm4", "glm"),
      ("ernie4_5", "ernie"), ("hunyuan-dense", "hunyuan"), ("seed_oss", "seed-oss"),
      ("pangu-embedded", "pangu"), ("maincoder", "maincoder"), ("openelm", "openelm"),
      ("chameleon", "chameleon"), ("paddleocr", "ernie"), ("hunyuan_vl", "hunyuan"),
      ("bitnet", "bitnet"),
    ].map { GGUFArchitecture(name: $0.0, family: $0.1) } + [
      GGUFArchitecture(name: "phi3", family: "phi", windows: .everyLayer),
      GGUFArchitecture(name: "olmo2", family: "olmo", windows: .allButEvery(4)),
      GGUFArchitecture(name: "exaone4", family: "exaone", windows: .allButEvery(4)),
      GGUFArchitecture(name: "arcee", family: "arcee", activation: .reluSquared),
      GGUFArchitecture(name: "plamo", family: "plamo", parallel: .always),
      GGUFArchitecture(name: "dream", family: "dream", kind: .diffusion),
      GGUFArchitecture(name: "llada", family: "llada", kind: .diffusion),
      GGUFArchitecture(name: "llada-moe", family: "llada", kind: .diffusion),
      GGUFArchitecture(name: "rnd1", family: "rnd1", kind: .diffusion),
    ]

  private static let qwens: [GGUFArchitecture] = [
    "qwen", "qwen2", "qwen2vl", "qwen2moe", "qwen3", "qwen3vl", "qwen3moe", "qwen3vlmoe",
    "qwen3next", "qwen35", "qwen35moe",
  ].map { GGUFArchitecture(name: $0, family: "qwen") }

  private static let gemmas: [GGUFArchitecture] = [
    GGUFArchitecture(name: "gemma", family: "gemma", activation: .gelu),
    GGUFArchitecture(
      name: "gemma2", family: "gemma", activation: .gelu, windows: .allButEvery(2)),
    GGUFArchitecture(
      name: "gemma3", family: "gemma", activation: .gelu, windows: .allButEvery(6)),
    GGUFArchitecture(
      name: "gemma3n", family: "gemma", activation: .gelu, windows: .allButEvery(5),
      note: "sparse activations of the feed-forward parts are not counted"),
  ]

  /// Experts, and what else Llama has.
  private static let mixtures: [GGUFArchitecture] =
    [
      ("granitemoe", "granite"), ("deepseek", "deepseek"), ("dots1", "dots"),
      ("bailingmoe", "bailing"), ("bailingmoe2", "bailing"), ("glm4moe", "glm"),
      ("ernie4_5-moe", "ernie"), ("hunyuan-moe", "hunyuan"), ("olmoe", "olmo"),
      ("minimax-m2", "minimax"), ("arctic", "arctic"), ("mimo2", "mimo"),
    ].map { GGUFArchitecture(name: $0.0, family: $0.1) } + [
      GGUFArchitecture(
        name: "llama4", family: "llama",
        note: "layers that see only chunks of 8,192 tokens are counted as full attention"),
      GGUFArchitecture(name: "gpt-oss", family: "gpt-oss", windows: .allButEvery(2)),
      GGUFArchitecture(name: "exaone-moe", family: "exaone", windows: .allButEvery(4)),
      GGUFArchitecture(name: "afmoe", family: "afmoe", windows: .allButEvery(4)),
      GGUFArchitecture(
        name: "smallthinker", family: "smallthinker", activation: .relu,
        windows: .allButEvery(4)),
      GGUFArchitecture(name: "grok", family: "grok", activation: .gelu),
      GGUFArchitecture(name: "phimoe", family: "phi", norm: .layernorm),
      GGUFArchitecture(name: "dbrx", family: "dbrx", norm: .layernorm),
    ]

  /// Layer norms and GELU without a gate.
  private static let olders: [GGUFArchitecture] = [
    older("gpt2", "gpt2", .learned), older("starcoder", "starcoder", .learned),
    older("starcoder2", "starcoder", .rotary), older("codeshell", "codeshell", .rotary),
    older("bloom", "bloom", .alibi), older("mpt", "mpt", .alibi),
    older("gptneox", "gpt-neox", .rotary, .stated), older("gptj", "gptj", .rotary, .always),
    older("phi2", "phi", .rotary, .always), older("falcon", "falcon", .rotary, .always),
  ]

  private static func older(
    _ name: String, _ family: String, _ position: Model.Position, _ parallel: Parallel = .never
  ) -> GGUFArchitecture {
    GGUFArchitecture(
      name: name, family: family, norm: .layernorm, activation: .gelu, position: position,
      parallel: parallel)
  }

  /// Layer norms beside newer parts, and other positions.
  private static let layerNorms: [GGUFArchitecture] = [
    GGUFArchitecture(
      name: "stablelm", family: "stablelm", norm: .layernorm, parallel: .withoutOwnNorm),
    GGUFArchitecture(name: "orion", family: "orion", norm: .layernorm),
    GGUFArchitecture(
      name: "olmo", family: "olmo", norm: .layernorm,
      note: "its norms have no weights and are not counted"),
    GGUFArchitecture(name: "command-r", family: "cohere", norm: .layernorm, parallel: .always),
    GGUFArchitecture(
      name: "cohere2", family: "cohere", norm: .layernorm, parallel: .always,
      windows: .allButEvery(4)),
    GGUFArchitecture(
      name: "nemotron", family: "nemotron", norm: .layernorm, activation: .reluSquared),
    GGUFArchitecture(name: "jais", family: "jais", norm: .layernorm, position: .alibi),
    GGUFArchitecture(name: "refact", family: "refact", position: .alibi),
    GGUFArchitecture(name: "baichuan", family: "baichuan"),
  ]

  /// Latent attention.
  private static let latents: [GGUFArchitecture] = [
    GGUFArchitecture(name: "deepseek2", family: "deepseek"),
    GGUFArchitecture(name: "deepseek2-ocr", family: "deepseek"),
    GGUFArchitecture(name: "mistral4", family: "mistral"),
    GGUFArchitecture(name: "minicpm3", family: "minicpm"),
    GGUFArchitecture(name: "plm", family: "plm", activation: .reluSquared),
    GGUFArchitecture(name: "kimi-linear", family: "kimi-linear", position: .none),
  ]

  /// States in some layers or all.
  private static let recurrents: [GGUFArchitecture] = [
    GGUFArchitecture(name: "mamba", family: "mamba", position: .none),
    GGUFArchitecture(name: "mamba2", family: "mamba", position: .none),
    GGUFArchitecture(name: "jamba", family: "jamba", position: .none),
    GGUFArchitecture(name: "falcon-h1", family: "falcon"),
    GGUFArchitecture(name: "granitehybrid", family: "granite"),
    GGUFArchitecture(
      name: "nemotron_h", family: "nemotron", activation: .reluSquared, position: .none),
    GGUFArchitecture(
      name: "nemotron_h_moe", family: "nemotron", activation: .reluSquared, position: .none),
    GGUFArchitecture(name: "lfm2", family: "lfm2"),
    GGUFArchitecture(name: "lfm2moe", family: "lfm2"),
    GGUFArchitecture(name: "rwkv6", family: "rwkv", norm: .layernorm, position: .none),
    GGUFArchitecture(name: "rwkv7", family: "rwkv", norm: .layernorm, position: .none),
  ]

  /// Bidirectional, and encoders with decoders.
  private static let encoders: [GGUFArchitecture] = [
    encoder("bert", .learned), encoder("nomic-bert", .rotary, gated: .silu),
    encoder("nomic-bert-moe", .rotary), encoder("jina-bert-v2", .alibi, gated: .gelu),
    encoder("jina-bert-v3", .rotary),
    GGUFArchitecture(name: "eurobert", family: "bert", kind: .encoder),
    GGUFArchitecture(name: "neo-bert", family: "bert", kind: .encoder),
    GGUFArchitecture(
      name: "modern-bert", family: "bert", kind: .encoder, norm: .layernorm, activation: .gelu,
      windows: .allButEvery(3), startsGlobal: true),
    GGUFArchitecture(
      name: "gemma-embedding", family: "gemma", kind: .encoder, activation: .gelu,
      windows: .allButEvery(6)),
    GGUFArchitecture(name: "llama-embed", family: "llama", kind: .encoder),
    GGUFArchitecture(
      name: "t5", family: "t5", kind: .encoderDecoder, activation: .relu, gatedActivation: .gelu,
      position: .relative),
    GGUFArchitecture(
      name: "t5encoder", family: "t5", kind: .encoder, activation: .relu, gatedActivation: .gelu,
      position: .relative),
  ]

  private static func encoder(
    _ name: String, _ position: Model.Position, gated: Block.FeedForward.Activation? = nil
  ) -> GGUFArchitecture {
    GGUFArchitecture(
      name: name, family: "bert", kind: .encoder, norm: .layernorm, activation: .gelu,
      gatedActivation: gated, position: position)
  }
}
