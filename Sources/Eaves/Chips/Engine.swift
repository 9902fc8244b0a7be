public import Quantities

/// A part of a chip that computes: its kind and its rate for each format.
public struct Engine: Sendable, Hashable {
  /// What sort of work an engine does.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Matrix products (tensor cores, systolic arrays, AMX).
    case matrix
    /// Additions and multiplications on lanes.
    case vector
    /// exp, reciprocal, square root and their like.
    case special
    /// One operation at a time.
    case scalar
  }

  /// The block of a chip that an engine belongs to.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    case cpu, gpu, npu, dsp, dla
  }

  /// The shape of one instruction or array pass: what dimensions are padded to.
  public struct Tile: Sendable, Hashable {
    public var m: Int
    public var n: Int
    public var k: Int

    /// A tile of `m` rows, `n` columns and depth `k`.
    public init(m: Int, n: Int, k: Int) {
      self.m = m
      self.n = n
      self.k = k
    }
  }

  /// The dense rate for one pair of input and accumulate formats.
  public struct Rate: Sendable, Hashable {
    /// Format of the factors.
    public var input: MultiplyPrecision
    /// Format of the sum.
    public var accumulate: MultiplyPrecision
    /// Which special function, on special engines ("exp").
    public var operation: String?
    /// Dense peak, without structured sparsity.
    public var peak: Measure<FLOPsPerSecond>
    /// The best published measurement of it.
    public var achieved: Measure<FLOPsPerSecond>?
    /// Structured sparsity that this rate can use.
    public var sparse: [Sparsity]

    /// A dense rate.
    public init(
      input: MultiplyPrecision, accumulate: MultiplyPrecision, operation: String? = nil,
      peak: Measure<FLOPsPerSecond>, achieved: Measure<FLOPsPerSecond>? = nil,
      sparse: [Sparsity] = []
    ) {
      self.input = input
      self.accumulate = accumulate
      self.operation = operation
      self.peak = peak
      self.achieved = achieved
      self.sparse = sparse
    }
  }

  /// Structured sparsity an engine skips: a pattern and its speedup over dense.
  public struct Sparsity: Sendable, Hashable {
    public var pattern: String
    public var speedup: Double
    public var source: String
    public var isVerified: Bool

    /// A pattern such as "2:4" and the factor by which it raises the dense rate.
    public init(pattern: String, speedup: Double, source: String, isVerified: Bool) {
      self.pattern = pattern
      self.speedup = speedup
      self.source = source
      self.isVerified = isVerified
    }
  }

  public var id: String
  public var unit: Unit
  public var kind: Kind
  public var name: String
  /// How many instances ("108 SM").
  public var count: Int?
  public var countOf: String?
  /// Key into the chip's `clocks`.
  public var clock: String?
  public var tile: Tile?
  public var rates: [Rate]

  /// An engine of a chip.
  public init(
    id: String, unit: Unit, kind: Kind, name: String, count: Int? = nil, countOf: String? = nil,
    clock: String? = nil, tile: Tile? = nil, rates: [Rate]
  ) {
    self.id = id
    self.unit = unit
    self.kind = kind
    self.name = name
    self.count = count
    self.countOf = countOf
    self.clock = clock
    self.tile = tile
    self.rates = rates
  }
}
