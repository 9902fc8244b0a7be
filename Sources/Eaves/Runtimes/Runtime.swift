public import Quantities

/// What a software stack does with a chip: fixed times, achieved shares, fusions.
///
/// Read from `HardwareProfiles/runtimes/*.json`. Constants are few, named, and belong to a family of
/// chips, never to one chip or one measurement.
public struct Runtime: Sendable {
  public var id: String
  public var name: String
  public var version: String?
  public var aliases: [String]
  /// In order; the first that matches a chip applies.
  public var profiles: [Profile]
  public var sources: [String: Source]

  /// A runtime with its profiles by chip family.
  public init(
    id: String, name: String, version: String? = nil, aliases: [String] = [],
    profiles: [Profile], sources: [String: Source]
  ) {
    self.id = id
    self.name = name
    self.version = version
    self.aliases = aliases
    self.profiles = profiles
    self.sources = sources
  }

  /// The constants for one family of chips.
  public struct Profile: Sendable {
    /// Chip families, "class:gpu" for a whole class, "*" for any.
    public var families: [String]
    /// Units of the chip that it runs on, in order of preference; empty means all.
    public var units: [Engine.Unit]
    /// Fixed time of one kernel.
    public var launch: Measure<Seconds>
    /// Fixed time of one layer.
    public var layerOverhead: Measure<Seconds>
    /// Fixed time of one step.
    public var stepOverhead: Measure<Seconds>
    /// Achieved share of the bandwidth of main memory.
    public var bandwidthFraction: Measure<Ratio>
    /// Achieved share of the matrix peak in large products.
    public var matrixFraction: Measure<Ratio>
    /// The same share for products formed in some precisions, where it differs.
    public var matrixFractionByMultiply: [MultiplyPrecision: Measure<Ratio>]
    /// Achieved share of the vector and special-function peaks.
    public var vectorFraction: Measure<Ratio>
    /// The same shares inside attention kernels, where they differ.
    public var attentionMatrixFraction: Measure<Ratio>?
    public var attentionBandwidthFraction: Measure<Ratio>?
    /// Fixed time of one attention kernel, where not `launch`.
    public var attentionLaunch: Measure<Seconds>?
    /// Time that a decode attention kernel takes for each sequence and query head at least.
    public var attentionHead: Measure<Seconds>?
    /// The accumulator it asks for, where not the usual one.
    public var accumulate: MultiplyPrecision?
    /// Weight format family ("k", "*quantised") to the precision in which products are formed.
    public var multiply: [String: MultiplyPrecision]
    /// Vector operations to expand one stored weight, by format family.
    public var dequantisation: [String: Measure<Ratio>]
    /// Rows of a product that share one expansion of a weight; 128 where absent.
    public var dequantisationRows: Measure<Ratio>?
    /// Vector operations of one special function where the chip lists no special engine.
    public var specialVectorOps: Measure<Ratio>?
    /// Operations that cost no launch and no memory traffic of their own.
    public var fuses: [Operation.Fusion]
    /// Whether operations take what the pieces of the chip's kernels add up to, where there is a kernel for them.
    public var usesKernelTimes = false

    /// Constants of one family.
    public init(
      families: [String], units: [Engine.Unit] = [], launch: Measure<Seconds>,
      layerOverhead: Measure<Seconds>, stepOverhead: Measure<Seconds>,
      bandwidthFraction: Measure<Ratio>, matrixFraction: Measure<Ratio>,
      matrixFractionByMultiply: [MultiplyPrecision: Measure<Ratio>] = [:],
      vectorFraction: Measure<Ratio>,
      attentionMatrixFraction: Measure<Ratio>? = nil,
      attentionBandwidthFraction: Measure<Ratio>? = nil,
      attentionLaunch: Measure<Seconds>? = nil, attentionHead: Measure<Seconds>? = nil,
      accumulate: MultiplyPrecision? = nil,
      multiply: [String: MultiplyPrecision] = [:],
      dequantisation: [String: Measure<Ratio>] = [:],
      dequantisationRows: Measure<Ratio>? = nil, specialVectorOps: Measure<Ratio>? = nil,
      fuses: [Operation.Fusion] = []
    ) {
      self.families = families
      self.units = units
      self.launch = launch
      self.layerOverhead = layerOverhead
      self.stepOverhead = stepOverhead
      self.bandwidthFraction = bandwidthFraction
      self.matrixFraction = matrixFraction
      self.matrixFractionByMultiply = matrixFractionByMultiply
      self.vectorFraction = vectorFraction
      self.attentionMatrixFraction = attentionMatrixFraction
      self.attentionBandwidthFraction = attentionBandwidthFraction
      self.attentionLaunch = attentionLaunch
      self.attentionHead = attentionHead
      self.accumulate = accumulate
      self.multiply = multiply
      self.dequantisation = dequantisation
      self.dequantisationRows = dequantisationRows
      self.specialVectorOps = specialVectorOps
      self.fuses = fuses
    }

    /// Whether this profile applies to a chip.
    public func matches(_ chip: Chip) -> Bool {
      families.contains { $0 == "*" || $0 == chip.family || $0 == "class:\(chip.chipClass)" }
    }

    /// Whether the profile only falls back: it was fitted on other families than the chip's.
    public var isFallback: Bool { families == ["*"] }
  }

  /// The first profile that matches a chip.
  public func profile(for chip: Chip) -> Profile? { profiles.first { $0.matches(chip) } }
}
