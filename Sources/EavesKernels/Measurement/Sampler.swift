/// Takes samples of many quantities in interleaved rounds.
///
/// Samples are short, so that most of them fall between interruptions; a round takes a few of every quantity
/// that has not settled, so that a disturbance does not hit one quantity alone. It goes on until all have
/// settled or the time is up; the first round is always finished, so that every quantity has a figure.
public struct Sampler {
  /// When a measurement is good enough.
  public struct Goal: Sendable {
    /// Aimed-at length of a sample in seconds.
    public var sampleTime = 3e-3
    /// A sample counts where elapsed time is within this factor of processor time.
    public var tolerance = 1.02
    /// What a quantity needs to settle (see `Series.isSettled`).
    public var cleanSamples = 8
    public var rounds = 4
    public var agreement = 0.01
    /// Samples of a quantity in a round after the first, in which it is one.
    public var samplesPerRound = 2

    /// The goal of docs/calibration.md.
    public init() {}
  }

  /// A quantity with its samples.
  public struct Result: Sendable {
    public let key: Probe.Key
    public let work: Double
    public internal(set) var series = Series()

    /// Seconds of one unit of work at the best sample; `nil` where none was taken.
    public var time: Double? {
      guard let best = series.best, best > 0, best.isFinite else { return nil }
      return best / work
    }

    /// Work a second at the best sample; `nil` where none was taken.
    public var rate: Double? { time.map { 1 / $0 } }
  }

  private let goal: Goal
  private let now: () -> Double
  private let measure: (Probe, Int) -> Sample

  /// A sampler.
  /// - Parameters:
  ///   - goal: When a measurement is good enough.
  ///   - now: Seconds of a clock, for the time that is left.
  ///   - measure: Runs a number of iterations of a probe and times them.
  public init(
    goal: Goal = Goal(), now: @escaping () -> Double,
    measure: @escaping (Probe, Int) -> Sample
  ) {
    self.goal = goal
    self.now = now
    self.measure = measure
  }

  /// Measures all probes.
  /// - Parameters:
  ///   - probes: What to measure.
  ///   - budget: Seconds after which it stops.
  ///   - progress: Called with the share that is done, between 0 and 1.
  /// - Returns: A result for every probe, in their order.
  public func run(
    _ probes: [Probe], budget: Double, progress: (Double) -> Void
  ) -> [Result] {
    let start = now()
    var results = probes.map { Result(key: $0.key, work: $0.work) }
    var iterations: [Int] = []
    var round = 0
    var settled = 0
    while settled < probes.count, round == 0 || now() - start < budget {
      settled = 0
      for (index, probe) in probes.enumerated() {
        if round == 0 { iterations.append(iterationCount(of: probe)) }
        guard !isSettled(results[index].series) else {
          settled += 1
          continue
        }
        guard round == 0 || now() - start < budget else { break }
        for _ in 0..<(round == 0 ? 1 : goal.samplesPerRound) {
          let sample = measure(probe, iterations[index])
          results[index].series.add(
            sample.wall / Double(iterations[index]),
            isClean: sample.isClean(tolerance: goal.tolerance), round: round)
        }
        let share = Double(index) / Double(probes.count)
        progress(
          round == 0 ? min(share, (now() - start) / budget) : min(1, (now() - start) / budget))
      }
      round += 1
    }
    return results
  }

  private func isSettled(_ series: Series) -> Bool {
    series.isSettled(
      cleanSamples: goal.cleanSamples, rounds: goal.rounds, agreement: goal.agreement)
  }

  /// How many iterations make a sample of the length aimed at, by processor time.
  private func iterationCount(of probe: Probe) -> Int {
    var count = 1
    while count < 1 << 30 {
      let sample = measure(probe, count)
      let time = min(sample.cpu, sample.wall)
      if time >= goal.sampleTime / 8 {
        return max(1, Int((goal.sampleTime / time * Double(count)).rounded()))
      }
      count *= 4
    }
    return count
  }
}
