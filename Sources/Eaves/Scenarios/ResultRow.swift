public import Quantities

/// One result: a configuration, its step and its cost.
///
/// Every output format reads it through columns.
/// A class, and complete when it is made: as a struct of 800 bytes it was copied for every other column that
/// was read from it.
public final class ResultRow: Sendable {
  public let labels: Plan.Labels
  public let phase: Phase
  public let batch: Int
  public let context: Int
  public let newTokens: Int
  /// Tokens that the row makes (decode) or reads (prefill), over the batch; a mean where passes differ.
  public let tokens: Double
  public let cost: Cost
  public let footprint: Footprint
  public let bound: Bound
  public let mainBytes: Bytes
  public let ridge: Intensity?
  public let matrixPeak: FLOPsPerSecond?
  public let mainBandwidth: BytesPerSecond
  /// Against the baseline, where there is one and both fit.
  public let speedup: Speedup?
  public let request: RequestTimes?
  /// What the chip can go on drawing, where that is known.
  let sustained: SustainedPower?
  /// What a reader should know, in a few sentences; empty where there is nothing.
  public let note: String

  init(
    _ labels: Plan.Labels, _ constants: Plan.Constants, phase: Phase, _ settings: StepSettings,
    newTokens: Int, tokens: Double, _ cost: Cost, mainBytes: Bytes, _ footprint: Footprint,
    _ bound: Bound,
    _ speedup: Speedup?, _ request: RequestTimes?, note: String
  ) {
    self.labels = labels
    self.phase = phase
    batch = settings.batch
    context = settings.context
    self.newTokens = newTokens
    self.tokens = tokens
    self.cost = cost
    self.footprint = footprint
    self.bound = bound
    self.mainBytes = mainBytes
    ridge = constants.ridge
    matrixPeak = constants.matrixPeak
    mainBandwidth = constants.mainBandwidth
    self.speedup = speedup
    self.request = request
    sustained = constants.sustained
    self.note = note
  }

  /// Whether times are stated: a model that does not fit has none.
  @inlinable
  public var hasTimes: Bool { footprint.fits != false }

  /// Tokens a second over the batch; `nil` where no time is stated.
  @inlinable
  public var tokenRate: TokensPerSecond? {
    hasTimes ? TokensPerSecond(tokens / cost.expected.value) : nil
  }

  /// Matrix work over the bytes of main memory; `nil` where nothing crosses it.
  @inlinable
  public var intensity: Intensity? { mainBytes > .zero ? cost.matrix / mainBytes : nil }

  /// Matrix work over what the matrix engine could have done in the expected time.
  @inlinable
  public var mfu: Double? {
    guard hasTimes, let matrixPeak else { return nil }
    return cost.matrix / cost.expected / matrixPeak
  }

  /// Bytes of main memory over what could have been moved in the expected time.
  @inlinable
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
  /// Times of a request of `prompt` tokens that generates `generate`.
  mutating func request(_ settings: StepSettings) -> RequestTimes? {
    guard let prompt = settings.prompt, let generate = settings.generate,
      model.model.kind.keepsCache
    else { return nil }
    var first = settings
    first.phase = .prefill
    if !helpers.isEmpty { return requestOfRounds(settings, prefill: first, prompt, generate) }
    let step = step(first)
    // The prompt of an encoder-decoder is its source; its decoder begins with the token of the first step.
    return RequestTimes(
      promptTokens: prompt, generateTokens: generate, ttft: evaluate(step).expected,
      tpot: meanDecode(after: step, tokens: generate - 1))
  }

  /// The mean decode step over `tokens` steps that follow a prefill: every step where they are few, else
  /// the trapezoid over 64 intervals (times are piecewise linear in the context).
  private mutating func meanDecode(after prefill: Step, tokens: Int) -> Seconds {
    guard tokens > 0 else { return .zero }
    var step = prefill
    step.newTokens = 1
    step.cachedTokens = prefill.newTokens
    let intervals = min(64, tokens - 1)
    guard intervals > 0 else { return evaluate(step).expected }
    var sum = Seconds.zero
    for point in 0...intervals {
      step.cachedTokens = prefill.newTokens + (tokens - 1) * point / intervals
      let time = evaluate(step).expected
      sum += time * (point == 0 || point == intervals ? 0.5 : 1)
    }
    return sum / Double(intervals)
  }
}
