import Eaves
import Quantities

/// The speed of a kernel beside what bounds it, measured in one run.
///
/// Rates of shared machines drift by more than the differences that matter, so both sides are sampled in turns and only
/// their ratio is wanted.
public struct SpeedComparison: Sendable {
  /// Kernel and shape.
  public let kernel: String
  /// What it is held against.
  public let reference: String
  /// Work of one run of the kernel: FLOPs, or bytes, or multiply-adds.
  public let unit: String
  /// Work a second of both: at the best sample.
  public let rate: Double
  public let referenceRate: Double
  /// (median − least) / least of the times of both, whichever is larger.
  public let spread: Double
  /// What the ratio should be at least; `nil` where none is wanted.
  public let wanted: Double?

  /// How much of the reference is reached.
  public var ratio: Double { rate / referenceRate }

  /// All comparisons.
  /// - Parameters:
  ///   - seconds: for each of the three kinds.
  ///   - progress: Called with the share that is done, between 0 and 1.
  /// - Returns: one a kernel.
  /// - Throws: `KernelError` where Eaves does not emit the operations of a shape: a fault of ours.
  public static func all(
    seconds: Double, progress: (Double) -> Void
  ) throws(KernelError) -> [SpeedComparison] {
    BLASThreads.set(1)
    var found = try prefill(seconds) { progress($0 / 3) }
    found += try decode(seconds) { progress((1 + $0) / 3) }
    found += try quantised(seconds) { progress((2 + $0) / 3) }
    return found
  }

  /// Tiled prefill against products of sgemm that are large enough for its full rate: FLOPs of whole tiles.
  static func prefill(
    _ seconds: Double, progress: (Double) -> Void
  ) throws(KernelError) -> [SpeedComparison] {
    let families = ["attention-tiled", "attention-tiled-causal"]
    var shapes: [TimedShape] = []
    for family in families {
      // Runs of a few milliseconds: longer ones are seldom left alone.
      let wide = try TimedKernelList.shapes(family: family).filter {
        $0.shape.hasSuffix("d128") && executedFLOPs($0) < 0.7e9
      }
      shapes += wide.suffix(3)
    }
    let references = named(MatrixPeak.probes(orders: [512, 1024], doubleOrders: [], threads: 1))
    return compare(
      shapes.map { ($0, executedFLOPs($0), 0.75) }, references, unit: "FLOP", seconds, progress)
  }

  /// Fused decode against reading as many bytes, for a cache of twice the last cache level and more.
  static func decode(
    _ seconds: Double, progress: (Double) -> Void
  ) throws(KernelError) -> [SpeedComparison] {
    let last = Topology.host.lastCacheBytes
    var largest: [Double: (shape: TimedShape, bytes: Double)] = [:]
    for shape in try TimedKernelList.shapes(family: "attention-decode") {
      guard case .attention(let size) = shape.operations[0].kind, size.headSize == 128,
        shape.workingSetBytes > 2 * last, shape.workingSetBytes < 300 << 20
      else { continue }
      largest[size.heads / size.kvHeads] = (shape, cacheBytes(shape))
    }
    let groups = largest.keys.sorted()
    let most = largest.values.map { Int($0.bytes) }.max() ?? 1 << 27
    let references = named(Bandwidth.probes(bytes: [most], [.read, .readDot], threads: 1))
    return compare(
      groups.compactMap { group in
        largest[group].map { ($0.shape, $0.bytes, group <= 4 ? 0.85 : nil) }
      }, references, unit: "B", seconds, progress)
  }

  /// Quantised products of a matrix and a vector against float ones of the same size, beyond all caches.
  static func quantised(
    _ seconds: Double, progress: (Double) -> Void
  ) throws(KernelError) -> [SpeedComparison] {
    func largest(_ family: String) throws(KernelError) -> (TimedShape, Double, Double?)? {
      try TimedKernelList.shapes(family: family).last.map {
        ($0, $0.operations.reduce(0) { $0 + $1.work.matrix.value } / 2, 1)
      }
    }
    var shapes: [(TimedShape, Double, Double?)] = []
    for family in ["gemv-int8", "gemv-int4"] {
      if let shape = try largest(family) { shapes.append(shape) }
    }
    var references: [Reference] = []
    for family in ["gemv", "gemv-lanes"] {
      if let (shape, work, _) = try largest(family) {
        let probe = probe(shape.make(), work: work)
        references.append(Reference(name: "\(family) \(shape.shape)", probe: probe))
      }
    }
    return compare(shapes, references, unit: "MAC", seconds, progress)
  }

  /// What kernels are held against.
  private struct Reference {
    let name: String
    let probe: Probe
  }

  private static func named(_ probes: [Probe]) -> [Reference] {
    probes.map {
      Reference(name: "\($0.key.measurand.rawValue) \($0.key.size)", probe: $0)
    }
  }

  /// Samples kernels and references in turns; each kernel is held against the fastest reference.
  private static func compare(
    _ shapes: [(shape: TimedShape, work: Double, wanted: Double?)], _ references: [Reference],
    unit: String, _ seconds: Double, _ progress: (Double) -> Void
  ) -> [SpeedComparison] {
    let probes =
      shapes.map { probe($0.shape.make(), work: $0.work) } + references.map { $0.probe }
    let results = Sampler(now: MeasurementClock.wall, measure: Team.sample).run(
      probes, budget: seconds, progress: progress)
    let held = zip(references, results.suffix(references.count))
    guard let best = held.max(by: { ($0.1.rate ?? 0) < ($1.1.rate ?? 0) }),
      let referenceRate = best.1.rate
    else { return [] }
    return zip(shapes, results).compactMap { shape, result in
      guard let rate = result.rate else { return nil }
      return SpeedComparison(
        kernel: "\(shape.shape.family) \(shape.shape.shape)",
        reference: best.0.name, unit: unit, rate: rate,
        referenceRate: referenceRate,
        spread: max(result.series.spread ?? 0, best.1.series.spread ?? 0), wanted: shape.wanted)
    }
  }

  /// A kernel as a probe: one run is one call.
  static func probe(_ kernel: any TimedKernel, work: Double) -> Probe {
    Probe(.init(.piece, size: 1), work: work, prepare: { BLASThreads.set(1) }) { _, count in
      for _ in 0..<count { kernel.run() }
    }
  }

  private static func executedFLOPs(_ shape: TimedShape) -> Double {
    shape.operations.reduce(0) { $0 + $1.work.executedMatrix.value }
  }

  /// Keys and values, those of the new token included.
  private static func cacheBytes(_ shape: TimedShape) -> Double {
    guard case .attention(let size) = shape.operations[0].kind else { return 0 }
    return 4 * size.kvHeads * size.keys * (size.headSize + size.valueHeadSize)
  }
}
