public import Quantities

/// A chip under a runtime and a power mode, compiled for the hot path: reciprocal rates, usable capacities.
///
/// Built once a chip and runtime; every step evaluation of a sweep reads it. A class, so that handing it on
/// copies a pointer: as a struct, its 2.8 kB were copied for every step.
public final class Machine: Sendable {
  public let chip: Chip
  public let runtime: Runtime
  public let profile: Runtime.Profile
  public let mode: Power.Mode?
  /// Engines by position in `chip.engines`; what each precision runs on.
  let matrix: [MatrixRate]
  let vector: LaneRate
  let special: LaneRate
  /// Lane operations to expand one stored element, by `NumberFormat.Expansion`.
  let expansion: [Double]
  /// Levels that the engines in use reach, nearest first.
  public let levels: [Level]
  /// The levels up to main memory that have a bandwidth, and so cost time.
  let costed: [CostedLevel]
  /// Position of main memory in `levels`.
  public let main: Int
  /// The smallest side of a tile on the way from main memory; infinite where no level cuts tiles.
  let smallestTile: Double
  /// What a flash level behind main memory holds.
  public let flashCapacity: Bytes?
  let fixed: FixedTimes
  /// Ways to other devices, to the host and to storage.
  let ports: Ports
  /// Fixed time of one kernel, and whether intermediate results stay in registers, by `Operation.ID`.
  let kernels: [KernelRule]
  /// Energies of work and traffic.
  public let energies: EnergyTable
  /// Times of kernels that were measured in pieces, where the runtime goes by them.
  let kernelModel: KernelModel?

  /// Compiles a chip under a runtime.
  /// - Parameters:
  ///   - chip: the profile.
  ///   - runtime: what the software achieves.
  ///   - mode: a power mode of the chip; `nil` for its default.
  /// - Throws: `MissingFigure` where the profile has no main memory, no bandwidth for it, or no engine the
  ///   runtime can use.
  public init(_ chip: Chip, _ runtime: Runtime, mode: Power.Mode? = nil) throws(MissingFigure) {
    guard let profile = runtime.profile(for: chip) else {
      throw MissingFigure(
        chip: "runtime \(runtime.id)", field: "profiles[] for family \"\(chip.family)\"",
        purpose: "a prediction on \(chip.id)")
    }
    let builder = MachineBuilder(chip: chip, profile: profile, mode: mode)
    self.chip = chip
    self.runtime = runtime
    self.profile = profile
    self.mode = mode
    let (levels, main) = try builder.levels()
    energies = EnergyTable(chip, main: levels[main].index)
    matrix = builder.matrixRates(energies)
    vector = builder.vectorRate()
    special = builder.specialRate(vector: vector)
    expansion = builder.expansionCosts()
    fixed = builder.fixedTimes()
    ports = Ports(chip)
    kernels = builder.kernelRules()
    self.main = main
    self.levels = levels
    costed = CostedLevel.all(of: levels, upTo: main)
    smallestTile = levels.prefix(main).map(\.tile).filter { $0 > 0 }.min() ?? .infinity
    flashCapacity = builder.flashCapacity(levels.dropFirst(main + 1).first)
    kernelModel = profile.usesKernelTimes ? KernelModel(chip) : nil
    if profile.usesKernelTimes, kernelModel == nil {
      throw MissingFigure(
        chip: chip.id, field: "kernels", purpose: "the runtime \(runtime.id)",
        remedy: "measure a machine with \"eaves calibrate host --output host.json\" and give --on "
          + "./host.json, or write another --runtime")
    }
  }

  /// What the hot path needs of a level that costs time.
  struct CostedLevel: Sendable {
    /// Position in `levels`.
    let position: Int
    let achieved: SecondsPerByte
    let attention: SecondsPerByte
    /// Activations up to this stay in a nearer level and never come here.
    let keptNearer: Bytes
    /// The smallest piece that is read; 0 where the profile has none.
    let granularity: Double

    static func all(of levels: [Level], upTo main: Int) -> [CostedLevel] {
      var kept = Bytes.zero
      var costed: [CostedLevel] = []
      for (position, level) in levels.prefix(main + 1).enumerated() {
        if level.achieved > .zero {
          costed.append(
            CostedLevel(
              position: position, achieved: level.achieved, attention: level.attention,
              keptNearer: kept, granularity: level.granularity))
        }
        kept = max(kept, level.persistentBytes)
      }
      return costed
    }
  }

  /// How fast products of one precision go, and where.
  struct MatrixRate: Sendable {
    /// Position in `chip.engines`; −1 where no engine carries the precision.
    var engine: Int = -1
    /// Which rate of the engine.
    var precision: MultiplyPrecision = .f32
    /// The rate at peak, as the profile has it.
    var rate = FLOPsPerSecond.zero
    /// Time of a FLOP at peak, and as the runtime achieves it, in products and in attention.
    var peak = SecondsPerFLOP.zero
    var achieved = SecondsPerFLOP.zero
    var attention = SecondsPerFLOP.zero
    /// Whether it runs on the lanes, and so shares them with element-wise work.
    var isVector = false
    /// Energy of a FLOP.
    var energy = JoulesPerFLOP.zero
  }

  /// How fast element-wise work goes; zeros where the profile has no rate.
  struct LaneRate: Sendable {
    var engine: Int = -1
    var peak = SecondsPerFLOP.zero
    var achieved = SecondsPerFLOP.zero
  }

  /// Times that no work shortens.
  struct FixedTimes: Sendable {
    var attentionHead: Seconds
    var layer: Seconds
    var step: Seconds
    /// Rows of a product that share one expansion of a weight.
    var expansionRows: Double
  }

  /// What the runtime does with the kernel of one kind of operation.
  struct KernelRule: Sendable {
    /// Fixed time of the launches that the operation counts as one.
    var launch = Seconds.zero
    /// Whether it is part of another kernel.
    var isFused = false
  }

  /// One memory level as the evaluator sees it.
  public struct Level: Sendable {
    /// Position in `chip.memory`.
    public var index: Int
    /// Bandwidth at peak, as the profile has it; `nil` where it is unknown.
    public var bandwidth: BytesPerSecond?
    /// Time of a byte at peak; 0 where the bandwidth is unknown, and then it is not costed.
    var peak: SecondsPerByte
    var achieved: SecondsPerByte
    var attention: SecondsPerByte
    /// What one instance holds: the tile that work is cut to on its way in.
    var instanceBytes: Bytes
    /// Side of a square tile of 2-byte elements: three of them fill an instance.
    var tile: Double
    /// What all instances hold at most, and what of it may persist from one operation to the next.
    var totalBytes: Bytes
    var persistentBytes: Bytes
    /// Bytes of the smallest piece that is read; 0 where the profile has none.
    var granularity: Double
    var energy: JoulesPerByte
  }
}

/// A figure that an answer needs and a profile lacks.
public struct MissingFigure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The chip whose profile lacks it.
  public let chip: String
  /// The field, as in the profile.
  public let field: String
  /// What it is needed for.
  public let purpose: String
  /// What to do about it.
  public let remedy: String

  /// A figure that `chip` lacks; the usual remedy is a profile of one's own.
  public init(chip: String, field: String, purpose: String, remedy: String? = nil) {
    self.chip = chip
    self.field = field
    self.purpose = purpose
    self.remedy =
      remedy ?? "add the figure with its source to a profile of your own and give its path"
  }

  public var description: String { "\(chip) lacks \(field), which \(purpose) needs; \(remedy)" }
}

extension Machine {
  /// Whether element-wise work is costed: the profile has a vector rate.
  public var costsVectorWork: Bool { vector.engine >= 0 }

  /// Whether special functions are costed, on an engine of their own or on the lanes.
  public var costsSpecialWork: Bool { special.achieved > .zero }

  /// The level that is main memory.
  public var mainLevel: MemoryLevel { chip.memory[levels[main].index] }

  /// Precisions that an engine in use has a rate of its own for.
  public var nativePrecisions: Set<MultiplyPrecision> {
    Set(MultiplyPrecision.allCases.filter { engine(for: $0)?.rate == $0 })
  }

  /// The engine that carries products of a precision, and the rate it does so at.
  public func engine(for precision: MultiplyPrecision) -> (engine: Engine, rate: MultiplyPrecision)?
  {
    let rate = matrix[precision.index]
    return rate.engine < 0 ? nil : (chip.engines[rate.engine], rate.precision)
  }

  /// The dense peak for products of a precision.
  public func peak(for precision: MultiplyPrecision) -> FLOPsPerSecond? {
    let rate = matrix[precision.index]
    return rate.engine < 0 ? nil : rate.rate
  }

  /// The peak bandwidth of main memory in this power mode.
  public var mainBandwidth: BytesPerSecond { levels[main].bandwidth ?? .zero }

  /// The ridge point: products of a precision against main memory, both at peak.
  public func ridge(for precision: MultiplyPrecision) -> Intensity? {
    peak(for: precision).map { $0 / mainBandwidth }
  }
}
