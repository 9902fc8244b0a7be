import Quantities

/// A pass ends after some of the layers where the model is sure of its token already.
///
/// Expected cost = Σ p_l·cost_l over the layers at which tokens leave (Schuster et al. 2022, CALM, section 3). A batch
/// runs to the last of its sequences: all have left by layer l with probability F(l)^b, F the share of tokens that
/// leave by then. Passes are those of the first layers of the model with its output head.
struct EarlyExit: Decoding {
  /// Layers after which tokens leave, ascending, and the share of the tokens that leave there.
  let exits: [Exit]
  /// Whether the output head is asked at every exit on the way if the model is sure.
  let asksHead: Bool

  struct Exit: Sendable, Hashable {
    var layer: Int
    var share: Double
  }

  static let technique = Technique(
    name: "early-exit", axis: .decoding,
    form: "early-exit:exits=LAYER@SHARE+LAYER@SHARE[:check=head]",
    summary: "A pass ends after some of the layers where the model is sure of its token already.",
    equation: "cost = Σ p_l·cost_l, p_l = F(l)^b − F(l − 1)^b over a batch of b",
    conditions: [
      "The model was trained to say tokens from the exits, or says others.",
      "A batch runs to the layer at which the last of its sequences leaves.",
      "Keys and values of the layers left out cost nothing here: forming them of the state that left needs their projections.",
    ],
    source: "Schuster et al. 2022, CALM, section 3 (recalled)")

  var name: String {
    let exits = exits.map { "\($0.layer)@\($0.share)" }.joined(separator: "+")
    return "\(Self.technique.name):exits=\(exits)\(asksHead ? ":check=head" : "")"
  }

  var note: String? { "exits may change what the model says" }

  var breaksStates: Bool { true }

  func refusal(for model: Model) -> (problem: String, remedy: String)? {
    guard model.kind == .decoder || model.kind == .encoderDecoder else {
      return ("\(model.id) makes no token after another", "leave it out, or choose a decoder")
    }
    guard let last = exits.last, last.layer >= model.layers.count else { return nil }
    return (
      "\(model.id) has \(model.layers.count) layers, so an exit after \(last.layer) is none",
      "write exits before its last layer"
    )
  }

  /// The first layers up to each exit; and the output head alone, where it is asked on the way.
  func helpers(of model: Model, draft: Model?) -> [Helper] {
    let parts = exits.map { Helper(model.prefix(layers: $0.layer), isPart: true) }
    return asksHead ? parts + [Helper(model.prefix(layers: 0), isPart: true)] : parts
  }

  func round(_ settings: StepSettings, _ model: Model) -> DecodingRound {
    let step = settings.step(for: model)
    var round = DecodingRound(step, tokens: Double(step.batch * step.readTokens))
    guard settings.phase == .decode else { return round }
    var left = 0.0
    for (index, exit) in exits.enumerated() {
      let before = MixtureOfExperts.power(left, step.batch)
      left = min(1, left + exit.share)
      let by = MixtureOfExperts.power(left, step.batch)
      round.passes.append(HelperPass(index, step, share: by - before))
      // Whoever goes on has asked here and been sent on.
      if asksHead { round.passes.append(HelperPass(exits.count, step, share: 1 - by)) }
      round.share = 1 - by
    }
    return round
  }

  func sentence(_ gain: DecodingGain, _ model: Model) -> String {
    "\(significant(gain.ratio))× all layers in every pass"
      + (gain.batch > 1 ? ", as the last of \(gain.batch) sequences leaves" : "")
  }
}

extension DecodingEntry {
  /// Passes that end early.
  static let earlyExit = DecodingEntry(
    EarlyExit.technique, example: "early-exit:exits=8@0.25+16@0.5"
  ) { text in
    guard let list = text.text("exits") else { return nil }
    var exits: [EarlyExit.Exit] = []
    for part in list.split(separator: "+", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "@", omittingEmptySubsequences: false)
      guard sides.count == 2, let layer = Int(sides[0]), layer > exits.last?.layer ?? 0,
        let share = Double(String(sides[1])), share > 0, share <= 1
      else { return nil }
      exits.append(EarlyExit.Exit(layer: layer, share: share))
    }
    // Shares are decimals: a last digit may be off.
    guard exits.reduce(0, { $0 + $1.share }) <= 1 + 1e-12 else { return nil }
    let check = text.text("check")
    guard check == nil || check == "head" else { return nil }
    return EarlyExit(exits: exits, asksHead: check != nil)
  }
}
