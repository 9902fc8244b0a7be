/// What a probe measures, and the unit of its work.
public enum Measurand: String, Sendable, CaseIterable {
  case vectorF32 = "vector_f32"
  case vectorF64 = "vector_f64"
  case integerDot = "integer_dot"
  case sgemm, dgemm
  case read
  case readDot = "read_sdot"
  case copy, triad, latency
  case callDot = "sdot"
  case callVector = "sgemv"
  case callMatrix = "sgemm_call"
  case exponential = "exp"
  case blocks8 = "expand_8_bit"
  case blocks4 = "expand_4_bit"
  case blocksK = "expand_k_quant"
  case piece

  /// What its work is counted in.
  public var unit: Unit {
    switch self {
    case .vectorF32, .vectorF64, .sgemm, .dgemm: .flop
    case .integerDot: .operation
    case .read, .readDot, .copy, .triad: .byte
    case .latency: .load
    case .callDot, .callVector, .callMatrix, .piece: .call
    case .exponential, .blocks8, .blocks4, .blocksK: .element
    }
  }

  /// Units of work.
  public enum Unit: String, Sendable {
    case flop, operation, byte, load, call, element
  }
}

/// One quantity at one size on a number of threads: a piece of code that can be timed.
///
/// Everything it touches is allocated before; `body` allocates nothing and keeps its results in memory that
/// outlives it, so that no work can be left out.
public struct Probe {
  /// Which quantity, at which size (chains, order, bytes of a thread), on how many threads.
  public struct Key: Hashable, Sendable {
    public var measurand: Measurand
    public var size: Int
    public var threads: Int
    /// What a piece of a kernel was timed by.
    public var program: PieceProgram?

    /// A quantity at a size.
    public init(
      _ measurand: Measurand, size: Int, threads: Int = 1, program: PieceProgram? = nil
    ) {
      self.measurand = measurand
      self.size = size
      self.threads = threads
      self.program = program
    }
  }

  public let key: Key
  /// Work of one iteration on all threads together, in units of the measurand.
  public let work: Double
  /// Iterations before the timed ones, which bring the data near.
  public let warmUp: Int
  /// Whose processor time tells that nothing interrupted.
  public let scope: MeasurementClock.Scope
  /// Threads of ours; a library may have its own.
  public let team: Int
  /// Makes ready, untimed.
  public let prepare: () -> Void
  /// Does a number of iterations on one thread of the team.
  public let body: (_ thread: Int, _ iterations: Int) -> Void

  /// A probe; with the scope of the process it runs on one thread of ours.
  public init(
    _ key: Key, work: Double, warmUp: Int = 1, scope: MeasurementClock.Scope = .thread,
    prepare: @escaping () -> Void = {}, body: @escaping (_ thread: Int, _ iterations: Int) -> Void
  ) {
    self.key = key
    self.work = work
    self.warmUp = warmUp
    self.scope = scope
    team = scope == .thread ? key.threads : 1
    self.prepare = prepare
    self.body = body
  }
}
