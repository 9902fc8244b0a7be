import Quantities

/// A draft proposes tokens, and one pass of the model accepts some of them and adds one of its own.
///
/// Leviathan et al. 2023, theorem 3.8, and its roofline form: a round is the passes of the draft, one after the
/// other on the same machine, and a pass of the model over the last token and all drafts. Both are steps like any
/// other, so that what they cost comes from the machine, and the gain falls where verifying takes longer than a step.
struct Speculative: Decoding {
  /// Where drafts come from.
  enum Source: Sendable, Hashable {
    /// Another model of the same vocabulary, by name or path.
    case model(String, weights: String?)
    /// The first layers of the model itself, with its own output head.
    case layers(Int)
  }

  /// How good the drafts are.
  enum Quality: Sendable, Hashable {
    /// The probability α that a candidate is accepted.
    case acceptance(Double)
    /// The mean tokens of a round, as measured with these drafts.
    case tokens(Double)
  }

  let source: Source
  let shape: DraftShape
  let quality: Quality

  static let technique = Technique(
    name: "speculative", axis: .decoding,
    form:
      "speculative:draft=MODEL[:weights=FORMAT]|layers=N:gamma=N|best|tree=WxW:alpha=A|tokens=E",
    summary:
      "A draft proposes tokens, and one pass of the model accepts some of them and adds one of its own.",
    equation: "gain = E·t(1)/(γ·t_draft + t(γ + 1)), E = (1 − α^(γ+1))/(1 − α)",
    conditions: [
      "The draft has the vocabulary of the model, and fits the memory beside it.",
      "There is idle arithmetic: b·(γ + 1) < T*·(E − γ·c) where a step is limited by its weights, and never from b = T* on.",
      "Layers keep keys and values, which a rejected draft leaves as they were. A recurrent state is changed for good.",
    ],
    source: "Leviathan et al. 2023, equation 1 and theorem 3.8")

  var name: String {
    var parts = [Self.technique.name]
    switch source {
    case .model(let name, let weights):
      parts.append("draft=\(name)")
      if let weights { parts.append("weights=\(weights)") }
    case .layers(let count): parts.append("layers=\(count)")
    }
    parts.append(shape.text)
    switch quality {
    case .acceptance(let share): parts.append("alpha=\(share)")
    case .tokens(let mean): parts.append("tokens=\(mean)")
    }
    return parts.joined(separator: ":")
  }

  var breaksStates: Bool { true }

  var draft: String? {
    if case .model(let name, _) = source { name } else { nil }
  }

  func refusal(for model: Model) -> (problem: String, remedy: String)? {
    guard model.kind == .decoder || model.kind == .encoderDecoder else {
      return ("\(model.id) makes no token after another", "leave it out, or choose a decoder")
    }
    if case .layers(let count) = source, count >= model.layers.count {
      return (
        "\(model.id) has \(model.layers.count) layers, and a draft of \(count) is no part of them",
        "take layers=\(max(1, model.layers.count / 4))"
      )
    }
    return nil
  }

  func refusal(for model: Model, draft: Model) -> Refusal? {
    guard draft.kind == model.kind else {
      return Refusal(
        "\(draft.id) is no \(model.kind.rawValue), as \(model.id) is",
        remedy: "take a draft of the same kind")
    }
    guard abs(draft.vocabulary - model.vocabulary) <= Self.largestPadding else {
      return Refusal(
        "\(draft.id) has \(draft.vocabulary) tokens in its vocabulary and \(model.id) "
          + "\(model.vocabulary), so drafts are not its tokens",
        remedy: "take a smaller model of the same family as the draft")
    }
    return nil
  }

  /// Tables of one vocabulary are padded to different lengths: up to so many rows apart they may be one.
  private static let largestPadding = 256

  func helpers(of model: Model, draft: Model?) -> [Helper] {
    switch source {
    case .model(_, let weights): draft.map { [Helper($0, weights: weights)] } ?? []
    case .layers(let count): [Helper(model.prefix(layers: count), isPart: true)]
    }
  }

  func round(_ settings: StepSettings, _ model: Model) -> DecodingRound {
    round(settings, model, widths: shape.widths())
  }

  /// A round for each length of the chain from none on.
  func choices(_ settings: StepSettings, _ model: Model) -> [DecodingRound] {
    guard shape == .best, settings.phase == .decode else { return [] }
    return (0...DraftShape.mostDrafts).map { count in
      round(settings, model, widths: Array(repeating: 1, count: count))
    }
  }

  /// A round with so many candidates by level; in prefill a draft that is a model of its own reads the prompt too.
  private func round(
    _ settings: StepSettings, _ model: Model, widths: [Int]
  ) -> DecodingRound {
    let single = settings.step(for: model)
    guard settings.phase == .decode else {
      var round = DecodingRound(single, tokens: Double(single.batch * single.readTokens))
      if draft != nil { round.passes = [HelperPass(0, single)] }
      return round
    }
    var (step, pass) = (single, single)
    var passes: [HelperPass] = []
    for nodes in DraftShape.levels(widths) {
      passes.append(HelperPass(0, pass))
      pass.cachedTokens += pass.newTokens
      pass.newTokens = nodes
      pass.logitTokens = nodes
      step.newTokens += nodes
    }
    step.logitTokens = step.newTokens
    var round = DecodingRound(step, tokens: Double(step.batch) * tokens(widths))
    round.passes = passes
    return round
  }

  /// Expected tokens of a round; measured ones are of the drafts as they are.
  private func tokens(_ widths: [Int]) -> Double {
    switch quality {
    case .acceptance(let share): DraftShape.tokens(acceptance: share, widths: widths)
    case .tokens(let mean): mean
    }
  }

  func sentence(_ gain: DecodingGain, _ model: Model) -> String {
    guard gain.passes > 0 else {
      return "no drafts are best here\(stop(gain))"
    }
    let drafts: String
    switch shape {
    case .chain, .best: drafts = gain.passes == 1 ? "1 draft" : "\(gain.passes) drafts"
    case .tree: drafts = "a tree of \(gain.passes) levels"
    }
    let theorem = gain.tokens / (gain.cost + 1)
    let each = gain.cost / Double(gain.passes)
    let outcome =
      gain.ratio > 1
      ? "\(significant(gain.ratio))× one token a pass"
      : "does not pay: \(significant(gain.ratio))× one token a pass"
    return "\(drafts) a round for \(significant(gain.tokens)) tokens, \(outcome) "
      + "(\(significant(theorem))× if verifying took one step; a draft takes \(significant(each)) of one)"
      + stop(gain)
  }

  private func stop(_ gain: DecodingGain) -> String {
    guard let stop = gain.stop else { return ", pays up to batch \(DecodingGain.largestBatch)" }
    if stop.batch == 1 { return ", and at no batch" }
    let most = stop.batch - 1
    return gain.batch < stop.batch
      ? ", pays up to batch \(most)\(stop.isFull ? ", all that fit" : "")"
      : "; it pays up to batch \(most)\(stop.isFull ? ", as long as the draft fits" : "")"
  }
}

extension DecodingEntry {
  /// Drafts of another model, or of the first layers.
  static let speculative = DecodingEntry(
    Speculative.technique, example: "speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8"
  ) { text in
    let source: Speculative.Source
    switch (text.text("draft"), text.count("layers")) {
    case (let name?, nil):
      let weights = text.text("weights")
      if let weights, weights != "published", (try? WeightScheme(parsing: weights)) == nil {
        return nil
      }
      source = .model(name, weights: weights)
    case (nil, let layers?): source = .layers(layers)
    default: return nil
    }
    guard let shape = DraftShape(&text) else { return nil }
    switch (text.share("alpha"), text.text("tokens").map(Double.init)) {
    case (let share?, nil):
      return Speculative(source: source, shape: shape, quality: .acceptance(share))
    case (nil, let mean??):
      // A measured mean is of drafts as they were: it says nothing of other lengths.
      let levels = shape.widths().count
      guard shape != .best, mean >= 1, mean <= Double(levels + 1) else { return nil }
      return Speculative(source: source, shape: shape, quality: .tokens(mean))
    default: return nil
    }
  }
}
