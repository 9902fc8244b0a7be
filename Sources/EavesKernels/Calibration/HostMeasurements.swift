/// What a calibration found, before it is laid out as a profile.
public struct HostMeasurements: Sendable {
  /// What the system says of the machine.
  public var topology: Topology
  /// Threads of the figures for the whole machine.
  public var threads: Int
  /// Every quantity at every size.
  public var results: [Sampler.Result]
  /// Processes that ran just before; `nil` where the system does not say.
  public var load: Double?
  /// The day, in UTC.
  public var date: String
  /// The version of OpenBLAS and the core that it chose.
  public var library: String
  /// Whether the compiler optimised the Swift programs.
  public var isOptimised: Bool

  /// Findings of a calibration.
  public init(
    topology: Topology, threads: Int, results: [Sampler.Result], load: Double?, date: String,
    library: String, isOptimised: Bool
  ) {
    self.topology = topology
    self.threads = threads
    self.results = results
    self.load = load
    self.date = date
    self.library = library
    self.isOptimised = isOptimised
  }

  /// The results of some quantities that have a figure, on a number of threads or on any.
  func results(_ measurands: Set<Measurand>, threads: Int? = nil) -> [Sampler.Result] {
    results.filter { result in
      measurands.contains(result.key.measurand) && result.time != nil
        && (threads.map { $0 == result.key.threads } ?? true)
    }
  }

  /// The fastest of some quantities.
  func fastest(_ measurands: Set<Measurand>, threads: Int? = nil) -> Sampler.Result? {
    results(measurands, threads: threads).max { ($0.rate ?? 0) < ($1.rate ?? 0) }
  }

  /// How much of what was sampled was not interrupted.
  var cleanShare: Double {
    let count = results.reduce(0) { $0 + $1.series.count }
    let clean = results.reduce(0) { $0 + $1.series.cleanCount }
    return count > 0 ? Double(clean) / Double(count) : 0
  }

  /// Why the figures may be too low; `nil` where nothing disturbed them.
  ///
  /// The machine counts as busy where more ran beforehand than half of its processors have room for, fewer
  /// than half of the samples were clean, or more than a tenth of the quantities have no clean sample at all.
  public var disturbance: String? {
    var reasons: [String] = []
    if let load, load > 0.5 * Double(topology.processors) {
      reasons.append("the load was \(Decimal.text(load, digits: 2)) beforehand")
    }
    if cleanShare < 0.5 {
      reasons.append("only \(Decimal.percent(cleanShare)) of the samples were clean")
    }
    let dirty = results.filter { !$0.series.isClean }.count
    if dirty * 10 > results.count {
      reasons.append("\(dirty) of \(results.count) quantities have no clean sample")
    }
    guard !reasons.isEmpty else { return nil }
    return "the machine was busy (\(topology.processors) processors): "
      + reasons.joined(separator: ", ") + "; figures may be too low"
  }

  /// Every figure as CSV, one row a quantity, size and number of threads.
  public var table: String {
    var text =
      "quantity,size,threads,unit,rate_per_s,time_s,spread_ratio,samples,clean_samples\n"
    for result in results {
      let key = result.key
      let cells: [String] = [
        key.measurand.rawValue, key.program?.label ?? "\(key.size)", "\(key.threads)",
        key.measurand.unit.rawValue,
        result.rate.map { "\($0)" } ?? "", result.time.map { "\($0)" } ?? "",
        result.series.spread.map { "\($0)" } ?? "", "\(result.series.count)",
        "\(result.series.cleanCount)",
      ]
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }
}
