/// One configuration apart from chip, runtime and model: every option read and typed.
public struct Settings: Sendable {
  public var powerMode: String?
  /// `nil`: as published.
  public var weights: String?
  /// `nil`: 16-bit, bf16 where the model is.
  public var kv: NumberFormat?
  public var activations: NumberFormat?
  /// `nil`: the model's own.
  public var attention: HeadSharing?
  /// A preset, whose values a catalogue knows.
  public var preset: String?
  public var pattern: (any Pattern)?
  /// Patterns that differ from layer to layer, instead of one.
  public var interleaving: Interleaving?
  public var cache: CacheChoice
  public var schedule: Schedule
  /// What is left out of weights and products.
  public var sparsity: any Sparsity
  /// Whether zeros count as skipped whatever the chip does: the gain on paper.
  public var isOnPaper = false
  /// Devices of one kind that share the work, and how; "none" for one.
  public var devices: Int
  public var parallel: String
  /// `nil`: the model's own.
  public var decoding: (any Decoding)?
  /// The shapes of the model that the decoding names as its draft.
  public var draft: Model?
  /// Where experts are kept, and how tokens choose them.
  public var experts: ExpertChoice
  public var step: StepSettings
  /// What is published of the quality of the configuration, which a catalogue knows; `nil` where none was asked.
  public var quality: QualityStatement?

  /// The defaults.
  public init() {
    cache = .rolling
    schedule = .flash2
    sparsity = DenseSparsity()
    devices = 1
    parallel = "none"
    experts = ExpertChoice()
    step = StepSettings()
  }

  /// Reads one option; chip, model and runtime are names that a catalogue resolves.
  /// - Throws: `OptionError` where the value is none that the option takes.
  public mutating func set(_ option: Option, to text: String) throws(OptionError) {
    switch option {
    case .model, .chip, .runtime: break
    case .powerMode: powerMode = text
    case .weights: try setWeights(text)
    case .kv: kv = try Self.format(text, option)
    case .activations: activations = try Self.format(text, option)
    case .pattern: try setPattern(text)
    case .cache: try setCache(text)
    case .schedule: schedule = try Self.choice(text, option)
    case .phase: step.phase = try Self.choice(text, option)
    case .batch:
      step.batch = try Self.sequences(text)
    case .context: step.context = try Self.tokens(text, option)
    case .prompt: step.prompt = try Self.tokens(text, option)
    case .generate: step.generate = try Self.tokens(text, option)
    case .attention: try setAttention(text)
    case .decoding: try setDecoding(text)
    case .devices: devices = try Self.devices(text)
    case .parallel: try setParallel(text)
    case .sparsity: try setSparsity(text)
    case .experts: try setExperts(text)
    }
  }

  private mutating func setWeights(_ text: String) throws(OptionError) {
    if text.lowercased() == "published" {
      weights = nil
      return
    }
    do {
      _ = try WeightScheme(parsing: text)
    } catch {
      throw OptionError(.weights, problem: error.problem, remedy: error.remedy)
    }
    weights = text
  }

  private mutating func setPattern(_ text: String) throws(OptionError) {
    interleaving = Interleaving.parse(text)
    if text == "model" || interleaving != nil {
      pattern = nil
      return
    }
    guard let parsed = PatternList.parse(text) else {
      let name = String(text.prefix { $0 != ":" })
      let forms = PatternList.form(of: name).map { [$0] } ?? ["model"] + PatternList.forms
      throw OptionError(
        .pattern, problem: "\"\(text)\" is no pattern",
        remedy: "write \(forms.joined(separator: ", "))")
    }
    pattern = parsed
  }

  private mutating func setAttention(_ text: String) throws(OptionError) {
    attention = HeadSharing.parse(text)
    preset = nil
    guard attention == nil, text != "model" else { return }
    // Whether there is such a preset is the catalogue's to say.
    guard Self.isName(text) else {
      throw OptionError(
        .attention, problem: "\"\(text)\" is no head sharing and no preset",
        remedy: "write \(HeadSharing.forms.joined(separator: ", ")), or a preset of "
          + "\"eaves techniques list\"")
    }
    preset = text
  }

  /// Whether a text may name a file: a path, or letters, digits, dashes, underscores and full stops.
  private static func isName(_ text: String) -> Bool {
    if text.utf8.contains(UInt8(ascii: "/")) || text.hasSuffix(".json") { return true }
    return !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
        default: false
        }
      }
  }

  private mutating func setParallel(_ text: String) throws(OptionError) {
    guard ParallelList.names.contains(text) else {
      throw OptionError(
        .parallel, problem: "\"\(text)\" is no way to share work",
        remedy: "write \(ParallelList.names.joined(separator: ", "))")
    }
    parallel = text
  }

  static func devices(_ text: String) throws(OptionError) -> Int {
    guard let count = Int(text), (1...1024).contains(count) else {
      throw OptionError(
        .devices, problem: "\"\(text)\" is no number of devices",
        remedy: "write a whole number from 1 to 1024")
    }
    return count
  }

  /// How the work is spread; `nil` for one device.
  /// - Throws: `OptionError` where there are several devices and nothing says how they share.
  func spreading() throws(OptionError) -> (any Spreading)? {
    guard devices > 1 else { return nil }
    guard let member = ParallelList.member(parallel, devices: devices) else {
      throw OptionError(
        .parallel, problem: "\(devices) devices, and nothing says how they share the work",
        remedy: "write \(ParallelList.names.dropFirst().joined(separator: ", "))")
    }
    return member
  }

  private mutating func setCache(_ text: String) throws(OptionError) {
    guard let choice = CachePolicyList.parse(text) else {
      throw OptionError(
        .cache, problem: "\"\(text)\" is no cache",
        remedy: "write \(CachePolicyList.forms(like: text).joined(separator: ", "))")
    }
    cache = choice
  }

  private mutating func setSparsity(_ text: String) throws(OptionError) {
    guard let parsed = SparsityList.parse(text) else {
      throw OptionError(
        .sparsity, problem: "\"\(text)\" is no sparsity",
        remedy: "write \(SparsityList.forms.joined(separator: ", ")), or several joined by +; "
          + "SHARE is what is left out, such as 0.5")
    }
    sparsity = parsed
  }

  private mutating func setExperts(_ text: String) throws(OptionError) {
    guard let choice = ExpertList.parse(text) else {
      throw OptionError(
        .experts, problem: "\"\(text)\" is no place for experts",
        remedy: "write \(ExpertList.forms.joined(separator: ", "))")
    }
    experts = choice
  }

  private mutating func setDecoding(_ text: String) throws(OptionError) {
    if text == "model" {
      decoding = nil
      return
    }
    guard let parsed = DecodingList.parse(text) else {
      throw OptionError(
        .decoding, problem: "\"\(text)\" is no way of decoding",
        remedy: "write model, \(DecodingList.forms.joined(separator: ", "))")
    }
    decoding = parsed
  }

  static func format(_ text: String, _ option: Option) throws(OptionError) -> NumberFormat {
    do {
      return try NumberFormat(parsing: text)
    } catch {
      throw OptionError(option, problem: error.problem, remedy: error.remedy)
    }
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String, _ option: Option
  ) throws(OptionError) -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map { $0.rawValue }
    throw OptionError(
      option, problem: "\"\(text)\" is no \(option.rawValue)",
      remedy: "write \(names.joined(separator: ", "))")
  }

  static func tokens(_ text: String, _ option: Option) throws(OptionError) -> Int {
    guard let count = TokenCount.parse(text) else {
      throw OptionError(
        option, problem: "\"\(text)\" is no number of tokens",
        remedy: "write 1 to 1073741824, such as 4096, 8k or 1M")
    }
    return count
  }

  static func sequences(_ text: String) throws(OptionError) -> Int {
    guard let count = TokenCount.parse(text), count <= largestBatch else {
      throw OptionError(
        .batch, problem: "\"\(text)\" is no batch",
        remedy: "write a whole number from 1 to \(largestBatch)")
    }
    return count
  }

  /// The largest batch that is accepted.
  static let largestBatch = 1 << 20
}

/// What a step depends on, apart from the model.
public struct StepSettings: Sendable, Hashable {
  public var phase: Phase = .decode
  public var batch = 1
  public var context = 8192
  public var prompt: Int?
  public var generate: Int?

  /// The defaults: decode, batch 1, 8k.
  public init() {}

  /// The step of a model.
  ///
  /// The prompt of an encoder-decoder is its source; its prefill runs the encoder and makes one token. A
  /// diffusion model passes over all tokens at once, whatever the phase. An image has as many tokens as its
  /// model makes of it, whatever the context.
  public func step(for model: Model) -> Step {
    switch model.kind {
    case .encoder: return .encode(model.fixedTokens ?? prompt ?? context, batch: batch)
    case .diffusion:
      return Step(
        newTokens: context, cachedTokens: 0, logitTokens: context, batch: batch, isCausal: false)
    case .encoderDecoder:
      return Step(
        newTokens: 1, cachedTokens: phase == .decode ? context : 0,
        sourceTokens: sourceTokens(of: model), logitTokens: 1, batch: batch)
    case .decoder:
      switch phase {
      case .decode: return .decode(context: context, batch: batch)
      case .prefill: return .prefill(prompt ?? context, batch: batch)
      }
    }
  }

  /// The tokens of the source of an encoder-decoder: those it always has, else the prompt, else as many as the
  /// context; 0 for other models.
  public func sourceTokens(of model: Model) -> Int {
    model.kind == .encoderDecoder ? model.sourceTokens ?? prompt ?? context : 0
  }
}
