public import Quantities

/// One result: a configuration, its step and its cost. Every output format reads it through columns.
public struct ResultRow: Sendable {
  public var labels: Plan.Labels
  public var phase: Phase
  public var batch: Int
  public var context: Int
  public var newTokens: Int
  public var cost: Cost
  public var footprint: Footprint
  public var bound: Bound
  public var mainBytes: Bytes
  public var ridge: Intensity?
  public var matrixPeak: FLOPsPerSecond?
  public var mainBandwidth: BytesPerSecond
  public var note: String
  /// Against the baseline: lower bounds, and expected times.
  public var paperSpeedup: Double?
  public var realisedSpeedup: Double?
  public var request: RequestTimes?

  /// Whether times are stated: a model that does not fit has none.
  public var hasTimes: Bool { footprint.fits != false }

  /// Tokens that the step yields (decode) or reads (prefill), over the batch.
  public var tokens: Double { Double(batch) * Double(newTokens) }

  /// Tokens a second over the batch; `nil` where no time is stated.
  public var tokenRate: TokensPerSecond? {
    hasTimes ? TokensPerSecond(tokens / cost.expected.value) : nil
  }

  /// Matrix work over the bytes of main memory; `nil` where nothing crosses it.
  public var intensity: Intensity? { mainBytes > .zero ? cost.matrix / mainBytes : nil }

  /// Matrix work over what the matrix engine could have done in the expected time.
  public var mfu: Double? {
    guard hasTimes, let matrixPeak else { return nil }
    return cost.matrix / cost.expected / matrixPeak
  }

  /// Bytes of main memory over what could have been moved in the expected time.
  public var mbu: Double? { hasTimes ? mainBytes / cost.expected / mainBandwidth : nil }
}

/// Times of a whole request.
public struct RequestTimes: Sendable, Hashable {
  public var promptTokens: Int
  public var generateTokens: Int
  /// Time to first token: the prefill.
  public var ttft: Seconds
  /// Mean time of a token after the first.
  public var tpot: Seconds

  /// TTFT + (tokens − 1)·TPOT.
  public var total: Seconds { ttft + tpot * Double(generateTokens - 1) }
}

extension Plan {
  /// The result of one step.
  public mutating func row(_ settings: StepSettings) -> ResultRow {
    let step = step(settings)
    let cost = evaluate(step)
    let footprint = footprint(
      context: settings.context, batch: settings.batch, workspace: cost.workspaceBytes)
    let fits = footprint.fits != false
    let precision = model.choices.activations.multiply
    let bound =
      fits
      ? machine.bound(cost.limiter, matrixEngine: cost.matrixEngine)
      : .capacity(machine.mainLevel.id)
    var row = ResultRow(
      labels: labels, phase: model.model.kind == .encoder ? .prefill : settings.phase,
      batch: settings.batch, context: settings.context, newTokens: step.newTokens, cost: cost,
      footprint: footprint, bound: bound, mainBytes: cost.mainBytes(machine),
      ridge: machine.ridge(for: precision), matrixPeak: machine.peak(for: precision),
      mainBandwidth: machine.mainBandwidth,
      note: note(context: settings.context, footprint: footprint))
    if fits { row.request = request(settings) }
    return row
  }

  /// Times of a request of `prompt` tokens that generates `generate`.
  private mutating func request(_ settings: StepSettings) -> RequestTimes? {
    guard let prompt = settings.prompt, let generate = settings.generate,
      model.model.kind == .decoder
    else { return nil }
    let ttft = evaluate(.prefill(prompt, batch: settings.batch)).expected
    return RequestTimes(
      promptTokens: prompt, generateTokens: generate, ttft: ttft,
      tpot: meanDecode(from: prompt, tokens: generate - 1, batch: settings.batch))
  }

  /// The mean decode step over `tokens` steps that start at a context: every step where they are few, else
  /// the trapezoid over 64 intervals (times are piecewise linear in the context).
  private mutating func meanDecode(from context: Int, tokens: Int, batch: Int) -> Seconds {
    guard tokens > 0 else { return .zero }
    let intervals = min(64, tokens - 1)
    guard intervals > 0 else { return evaluate(.decode(context: context, batch: batch)).expected }
    var sum = Seconds.zero
    for point in 0...intervals {
      let offset = (tokens - 1) * point / intervals
      let time = evaluate(.decode(context: context + offset, batch: batch)).expected
      sum += time * (point == 0 || point == intervals ? 0.5 : 1)
    }
    return sum / Double(intervals)
  }
}
