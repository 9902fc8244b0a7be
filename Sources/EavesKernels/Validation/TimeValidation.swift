public import Eaves
import Quantities

/// Times kernels on a grid of shapes, and predicts each from the pieces of a profile.
///
/// The kernels are not the programs that pieces were measured by (`PiecePlan`), and nothing is fitted on what they take.
public struct TimeValidation {
  private let model: KernelModel
  private let edges: CacheEdges
  /// Rounds over all shapes, and samples of a shape in a round that nothing interrupted.
  private let rounds: Int
  private let samples: Int
  private static let sampleSeconds = 3e-3
  /// Samples that are tried for one that nothing interrupted.
  private static let tries = 4

  /// A validation against a profile.
  /// - Returns: `nil` where the profile has no pieces of kernels.
  public init?(_ chip: Chip, rounds: Int = 4, samples: Int = 3) {
    guard let model = KernelModel(chip) else { return nil }
    self.model = model
    self.rounds = rounds
    self.samples = samples
    edges = CacheEdges(chip)
  }

  /// Measures the kernels of a family, or of all, one thread each.
  /// - Parameters:
  ///   - family: One family, or all.
  ///   - progress: Called with the share of the work that is done.
  /// - Returns: A comparison for each shape.
  /// - Throws: `KernelError` where operations of a shape are not emitted: a fault of ours.
  public func run(
    family: String? = nil, progress: (Double) -> Void
  ) throws(KernelError) -> [TimeComparison] {
    BLASThreads.set(1)
    let shapes = try TimedKernelList.shapes(family: family)
    var comparisons = shapes.map(compare)
    for round in 0..<rounds {
      for (index, shape) in shapes.enumerated() {
        measure(shape, round: round, into: &comparisons[index].series)
        let done = round * shapes.count + index + 1
        progress(Double(done) / Double(rounds * shapes.count))
      }
    }
    return comparisons
  }

  /// The prediction for a shape.
  func compare(_ shape: TimedShape) -> TimeComparison {
    let predicted = model.time(
      shape.operations, KernelChoice(family: shape.family),
      workingSet: Bytes(Double(shape.workingSetBytes)))
    return TimeComparison(
      shape, predicted: predicted,
      isAtEdge: edges.contains(Bytes(Double(shape.workingSetBytes))))
  }

  /// Takes the samples of one round.
  private func measure(_ shape: TimedShape, round: Int, into series: inout Series) {
    let kernel = shape.make()
    func sample(_ count: Int) -> Sample {
      let cpu = MeasurementClock.cpu(.thread)
      let wall = MeasurementClock.wall()
      for _ in 0..<count { kernel.run() }
      return Sample(
        wall: MeasurementClock.wall() - wall, cpu: MeasurementClock.cpu(.thread) - cpu)
    }
    kernel.run()
    let once = sample(1)
    let count = max(1, Int(Self.sampleSeconds / max(1e-9, min(once.wall, once.cpu))))
    var clean = 0
    for _ in 0..<samples * Self.tries {
      let taken = sample(count)
      let isClean = taken.isClean(tolerance: 1.02)
      // An interrupted sample is worth the processor time that it had.
      let seconds = isClean ? taken.wall : min(taken.wall, taken.cpu)
      series.add(seconds / Double(count), isClean: isClean, round: round)
      clean += isClean ? 1 : 0
      if clean == samples { break }
    }
  }
}

extension KernelChoice {
  /// The kernels that a timed family runs.
  init(family: String) {
    let isLibrary = ["attention-decode-blas", "mla-absorbed"].contains(family)
    self.init(
      vectorProducts: family == "gemv-lanes" ? .lanes : .library,
      decode: isLibrary ? .library : .lanes,
      decodeTile: family == "mla-absorbed" ? Double(LatentAbsorbedTimed.tileKeys) : nil)
  }
}
