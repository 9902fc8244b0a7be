public import Quantities

/// Limits that a study sets.
public struct Budgets: Sendable, Hashable {
  /// Of the expected time of a step.
  public var latency: Seconds?
  /// Of everything resident.
  public var memory: Bytes?
  /// Of the mean power over a step.
  public var power: Watts?
  /// Of the energy of a token.
  public var energy: Joules?

  /// Of the time to the first token: of a request, else of a prefill step.
  public var ttft: Seconds?
  /// Of the mean time of a token after it: of a request, else of a decode step.
  public var tpot: Seconds?
  /// Whether the mean power must be one that the chip can go on drawing.
  public var isSustained = false

  /// Of the quality lost, as a share, by rows of which something is published.
  public var quality: Double?

  /// No limits.
  public init() {}

  /// Which budgets a step breaks, by name; `tokens` are those that it yields or reads, over the batch.
  func broken(
    by cost: Cost, _ footprint: Footprint, tokens: Double, batch: Int, phase: Phase,
    request: RequestTimes?,
    sustained: SustainedPower?, devices: Int, quality loss: Double?
  ) -> [String] {
    var names: [String] = []
    if let memory, footprint.total > memory { names.append("memory") }
    guard footprint.fits != false else { return names }
    if let latency, cost.expected > latency { names.append("latency") }
    if let power, cost.energy / cost.expected > power { names.append("power") }
    if let energy, cost.energy / tokens > energy { names.append("energy") }
    let first = request?.ttft ?? (phase == .prefill ? cost.expected : nil)
    if let ttft, let first, first > ttft { names.append("TTFT") }
    // A round of decoding may make several tokens of each sequence.
    let each = tokens / Double(batch)
    let next = request?.tpot ?? (phase == .decode ? cost.expected / each : nil)
    if let tpot, let next, next > tpot { names.append("TPOT") }
    if isSustained, let sustained,
      sustained.isExceeded(by: cost.energy / cost.expected / Double(devices))
    {
      names.append("sustained power")
    }
    if let quality, let loss, loss > quality { names.append("quality") }
    return names
  }
}
