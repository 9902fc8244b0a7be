import Quantities

/// The models that take part in a round of decoding beside the one asked for, as plans of their own.
struct Helpers: Sendable {
  /// One for each helper of the decoding.
  var plans: [Plan] = []
  /// Which of them are made of the model's own layers.
  private let isPart: [Bool]
  /// Whether the fastest of several rounds is meant.
  let isChoosing: Bool
  /// Batches from which on nothing is gained, by step of batch 1; `nil` where it is beyond all.
  fileprivate var stops: [StepSettings: DecodingGain.Stop?] = [:]

  var isEmpty: Bool { plans.isEmpty }

  /// Resolves the helpers of a decoding; they have the configuration's formats, cache, schedule and devices.
  /// - Throws: `PlanError` where the draft is missing, does not go with the model, or has no plan of its own.
  init(
    of compiled: CompiledModel, _ decoding: any Decoding, _ settings: Settings, on chip: Chip,
    under runtime: Runtime
  ) throws(PlanError) {
    let model = compiled.model
    if decoding.breaksStates, compiled.stateBytes(batch: 1) > .zero {
      throw .refused(
        OptionError(
          .decoding,
          problem: "\(model.id) keeps a recurrent state, which a pass changes for good",
          remedy: "take --decoding autoregressive, or a model of attention alone"))
    }
    if let name = decoding.draft {
      guard let draft = settings.draft else {
        throw .option(
          OptionError(
            .decoding, problem: "the shapes of the draft \(name) are not at hand",
            remedy: "write the name or the path of a model"))
      }
      if let refusal = decoding.refusal(for: model, draft: draft) {
        throw .refused(OptionError(.decoding, problem: refusal.problem, remedy: refusal.remedy))
      }
    }
    let helpers = decoding.helpers(of: model, draft: settings.draft)
    isPart = helpers.map { $0.isPart }
    isChoosing = !decoding.choices(StepSettings(), model).isEmpty
    for helper in helpers {
      plans.append(
        try Plan(helper.model, on: chip, under: runtime, Self.settings(of: helper, settings)))
    }
  }

  /// A part of the model is treated as the model is; another one has its own heads and patterns.
  private static func settings(of helper: Helper, _ settings: Settings) -> Settings {
    var own = settings
    own.decoding = Autoregressive()
    own.draft = nil
    own.preset = nil
    // The parts of a model have its heads already.
    own.attention = nil
    guard !helper.isPart else { return own }
    own.pattern = nil
    own.interleaving = nil
    own.experts = ExpertChoice()
    if let weights = helper.weights { own.weights = weights == "published" ? nil : weights }
    return own
  }

  /// Adds what must be resident of helpers that are no parts of the model, where a round uses them.
  func add(to footprint: inout Footprint, _ settings: StepSettings, _ round: DecodingRound) {
    if !round.passes.isEmpty { addAll(to: &footprint, settings) }
  }

  /// Adds what must be resident of helpers that are no parts of the model.
  func addAll(to footprint: inout Footprint, _ settings: StepSettings) {
    for (plan, isPart) in zip(plans, isPart) where !isPart {
      let own = plan.ownFootprint(settings, workspace: .zero)
      footprint.weights += own.weights
      footprint.kvCache += own.kvCache
      footprint.state += own.state
    }
  }
}

extension Plan {
  /// Whether other models take part in its rounds.
  public var hasHelpers: Bool { !helpers.isEmpty }

  /// Adds the passes of helpers to the pass of the model.
  @inline(never)
  mutating func addHelpers(of round: DecodingRound, to cost: inout Cost) {
    if round.share < 1 {
      var share = Cost()
      share.add(cost, share: round.share)
      cost = share
    }
    for pass in round.passes {
      cost.add(helpers.plans[pass.helper].evaluate(pass.step), share: pass.share)
    }
  }

  /// The cost of the passes of helpers in a round, operation by operation.
  public mutating func helperBreakdown(
    _ round: DecodingRound
  ) -> [(operation: Operation, cost: OperationCost)] {
    guard !helpers.isEmpty else { return [] }
    return round.passes.flatMap { pass in
      helpers.plans[pass.helper].breakdown(pass.step).map { part in
        (part.operation.repeated(pass.share), part.cost)
      }
    }
  }

  /// The round of several that makes a token soonest; of those that fit, where some do.
  func fastestRound(_ settings: StepSettings) -> DecodingRound {
    let choices = decoding.choices(settings, model.model)
    guard var best = choices.first else { return decoding.round(settings, model.model) }
    var plan = self
    // Rounds begin with the same passes: each is costed once.
    var known: [(pass: HelperPass, cost: Cost)] = []
    var least: (fits: Bool, time: Double)?
    for round in choices {
      var cost = plan.evaluate(round.step)
      var time = cost.expected
      for (index, pass) in round.passes.enumerated() {
        if index >= known.count || known[index].pass != pass {
          known.removeSubrange(min(index, known.count)...)
          known.append((pass, plan.helpers.plans[pass.helper].evaluate(pass.step)))
        }
        time += pass.share * known[index].cost.expected
        cost.workspaceBytes = max(cost.workspaceBytes, known[index].cost.workspaceBytes)
      }
      var footprint = ownFootprint(settings, workspace: cost.workspaceBytes)
      helpers.add(to: &footprint, settings, round)
      let fits = footprint.fits != false
      let perToken = time.value / round.tokens
      if let least, least.fits && !fits || least.fits == fits && least.time <= perToken { continue }
      least = (fits, perToken)
      best = round
    }
    return best
  }

  /// What a reader should know of a round with helpers.
  mutating func sentence(
    _ settings: StepSettings, _ round: DecodingRound, _ cost: Cost
  ) -> String {
    let plain = Autoregressive().round(settings, model.model)
    let single = evaluate(plain.step).expected
    let passes = round.passes.reduce(Seconds.zero) { sum, pass in
      sum + pass.share * helpers.plans[pass.helper].evaluate(pass.step).expected
    }
    let gain = DecodingGain(
      passes: round.passes.count, tokens: round.tokens / Double(settings.batch),
      ratio: (single / cost.expected) * (round.tokens / plain.tokens), cost: passes / single,
      stop: stop(settings), batch: settings.batch)
    return decoding.sentence(gain, model.model)
  }

  /// The smallest batch at which a token takes as long as with one token a pass, or longer, or at which the round does
  /// not fit: doubled until it does, then the interval is halved.
  mutating func stop(_ settings: StepSettings) -> DecodingGain.Stop? {
    let key = settings.with(batch: 1)
    if let known = helpers.stops[key] { return known }
    if helpers.stops.count > 1 << 12 { helpers.stops = [:] }
    var found: DecodingGain.Stop?
    if let batch = firstBatch(
      upTo: DecodingGain.largestBatch, where: { $0.gainsNothing(settings.with(batch: $1)) })
    {
      let isFull = !fits(settings.with(batch: batch))
      found = DecodingGain.Stop(batch: batch, isFull: isFull)
    }
    helpers.stops[key] = .some(found)
    return found
  }

  private mutating func gainsNothing(_ settings: StepSettings) -> Bool {
    let (round, plain) = (round(settings), Autoregressive().round(settings, model.model))
    let cost = evaluate(round)
    var footprint = ownFootprint(settings, workspace: cost.workspaceBytes)
    helpers.add(to: &footprint, settings, round)
    let single = evaluate(plain.step).expected
    return footprint.fits == false
      || cost.expected.value / round.tokens >= single.value / plain.tokens
  }

  /// Whether the model and its helpers fit together, without a workspace.
  private func fits(_ settings: StepSettings) -> Bool {
    var footprint = ownFootprint(settings, workspace: .zero)
    helpers.addAll(to: &footprint, settings)
    return footprint.fits != false
  }

  /// The smallest batch at which something holds that then keeps holding; `nil` where there is none.
  private mutating func firstBatch(upTo limit: Int, where holds: (inout Plan, Int) -> Bool) -> Int?
  {
    var (low, high) = (0, 1)
    while !holds(&self, high) {
      if high >= limit { return nil }
      (low, high) = (high, min(limit, 2 * high))
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(&self, middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Times of a request whose tokens come in rounds: a token takes its share of one.
  mutating func requestOfRounds(
    _ settings: StepSettings, prefill: StepSettings, _ prompt: Int, _ generate: Int
  ) -> RequestTimes {
    let first = round(prefill)
    let time = evaluate(first).expected
    let (tokens, intervals) = (generate - 1, min(64, generate - 2))
    var sum = Seconds.zero
    for point in 0...max(0, intervals) where tokens > 0 {
      let context = first.step.newTokens + (intervals > 0 ? (tokens - 1) * point / intervals : 0)
      var step = settings.with(context: context)
      step.phase = .decode
      let round = round(step)
      let each = evaluate(round).expected / (round.tokens / Double(settings.batch))
      let isEnd = intervals > 0 && (point == 0 || point == intervals)
      sum += each * (isEnd ? 0.5 : 1)
    }
    return RequestTimes(
      promptTokens: prompt, generateTokens: generate, ttft: time,
      tpot: sum / Double(max(1, intervals)))
  }
}
