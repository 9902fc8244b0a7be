import COpenBLAS

/// Measures the machine that this runs on.
public struct Calibration {
  /// What the system says of it.
  public let topology: Topology
  /// What to measure, and for how long.
  public let plan: CalibrationPlan

  /// A calibration of a machine by a plan.
  public init(topology: Topology, plan: CalibrationPlan) {
    self.topology = topology
    self.plan = plan
  }

  /// Measures everything.
  /// - Parameter progress: Called with the share of the work that is done, between 0 and 1.
  /// - Returns: A figure for every quantity.
  public func run(progress: (Double) -> Void) -> HostMeasurements {
    let load = MeasurementClock.load()
    let sampler = Sampler(now: MeasurementClock.wall, measure: Team.sample)
    let results = sampler.run(probes, budget: plan.budget, progress: progress)
    openblas_set_num_threads(Int32(plan.threads))
    return HostMeasurements(
      topology: topology, threads: plan.threads, results: results, load: load,
      date: MeasurementClock.date(), library: Self.library, isOptimised: Self.isOptimised)
  }

  /// Everything that is measured, with its buffers made ready.
  var probes: [Probe] {
    let counts = plan.threads > 1 ? [1, plan.threads] : [1]
    // OpenBLAS multiplies small matrices on one thread whatever it is told.
    func large(_ orders: [Int], _ threads: Int) -> [Int] {
      threads > 1 ? orders.filter { $0 >= 256 } : orders
    }
    var probes = counts.flatMap { threads in
      VectorPeak.probes(threads: threads) + IntegerDot.probes(threads: threads)
        + Exponential.probes(threads: threads)
        + MatrixPeak.probes(
          orders: large(plan.orders, threads), doubleOrders: large(plan.doubleOrders, threads),
          threads: threads)
        + bandwidthProbes(threads: threads)
    }
    probes += CallOverhead.probes() + Dequantisation.probes()
    let levels = plan.levelSizes(on: topology, threads: 1)
    let sizes = plan.isFull ? levels + (0..<8).map { 8192 << (2 * $0) } : levels
    let most = plan.mostBytes(on: topology)
    probes += Latency.probes(bytes: Set(sizes.filter { $0 <= most }).sorted())
    return probes
      + PieceProbes.probes(
        isFull: plan.isFull && plan.step != nil,
        lastCache: plan.step == nil ? 0 : topology.lastCacheBytes)
  }

  private func bandwidthProbes(threads: Int) -> [Probe] {
    let all = plan.workingSets(on: topology, threads: threads)
    let levels = plan.levelSizes(on: topology, threads: threads)
    if plan.isFull {
      return Bandwidth.probes(bytes: all, [.read, .readDot, .copy, .triad], threads: threads)
    }
    return Bandwidth.probes(
      bytes: threads == 1 ? all : levels, [.read, .readDot], threads: threads)
      + Bandwidth.probes(bytes: levels, [.copy, .triad], threads: threads)
  }

  /// The version of OpenBLAS and the core that it chose.
  private static var library: String {
    let version = openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS"
    return version.split(separator: " ").prefix(2).joined(separator: " ")
      + " on \(OpenBLASCore.name)"
  }

  /// Whether the compiler optimised this; without it Swift is a hundred times slower.
  private static var isOptimised: Bool {
    var isOptimised = true
    assert(
      {
        isOptimised = false
        return true
      }())
    return isOptimised
  }
}
