public import Quantities

/// One piece of work: its shape, its operands, its counts.
///
/// The one description that every reader reads.
public struct Operation: Sendable {
  public private(set) var id: ID
  public private(set) var kind: Kind
  public var work: Work
  /// How many identical layers do it.
  public private(set) var repeats: Double
  /// The operands; only the first `operandCount` are meant.
  public private(set) var operands: InlineArray<6, Operand>
  public private(set) var operandCount: Int
  /// Bytes of the operands, summed by role as they are added.
  public private(set) var bytes: RoleBytes
  /// Whether an operand is stored in a format that is expanded before arithmetic.
  private(set) var hasExpansions: Bool
  /// Bytes of weights that another layer or an earlier time step has read before in the same step: they are
  /// read from a nearer level where it keeps them.
  public private(set) var rereadBytes: Bytes
  /// The share of the layers that have weights of their own; 1 where none are shared.
  public private(set) var weightShare: Double
  /// Bytes that lie side by side in each piece of the cache that is gathered; 0 where it is streamed.
  public private(set) var gatherBytes: Double
  /// What crosses a link, where something does.
  public private(set) var link: LinkUse?

  /// The shape of the work; sizes are those of one of `repeats` layers.
  public enum Kind: Sendable {
    /// (m × k)(k × n), `count` times (experts, heads).
    case matmul(m: Double, n: Int, k: Int, count: Double)
    /// Softmax attention in one kernel.
    case attention(AttentionShape)
    /// One result for each element.
    case pointwise(elements: Double)
    /// One result for each row (norms, softmax).
    case reduction(rows: Double, columns: Int)
    /// Rows picked from a table.
    case gather(rows: Double, columns: Int)
    /// A recurrence over time: `steps` one after the other, `width` state elements at once.
    case scan(steps: Double, width: Double)
    /// A filter that slides over `positions`, `width` multiply-adds at each.
    case convolution(positions: Double, width: Double)
    /// An exchange between devices.
    case collective
  }

  /// An operation without operands yet.
  public init(_ id: ID, _ kind: Kind, work: Work, repeats: Double) {
    self.id = id
    self.kind = kind
    self.work = work
    self.repeats = repeats
    operands = InlineArray(repeating: Operand.none)
    operandCount = 0
    bytes = RoleBytes()
    hasExpansions = false
    rereadBytes = .zero
    weightShare = 1
    gatherBytes = 0
    link = nil
  }

  /// Becomes another operation without operands, in the same memory.
  @inline(__always)
  mutating func restart(_ id: ID, _ kind: Kind, work: Work, repeats: Double) {
    self.id = id
    self.kind = kind
    self.work = work
    self.repeats = repeats
    operandCount = 0
    bytes = RoleBytes()
    hasExpansions = false
    rereadBytes = .zero
    weightShare = 1
    gatherBytes = 0
    if link != nil { link = nil }
  }

  /// Says that the cache is read in pieces of so many bytes.
  mutating func gather(_ bytes: Double) { gatherBytes = bytes }

  /// Says that it uses a link.
  public mutating func send(_ use: LinkUse) { link = use }

  /// The same operation in some of its layers' worth of steps.
  func repeated(_ share: Double) -> Operation {
    var operation = self
    operation.repeats *= share
    return operation
  }

  /// Says that several layers have the same weights: only a share of what is read is read for the first time.
  mutating func shareWeights(_ share: Double) {
    weightShare = share
    rereadBytes += (1 - share) * bytes[.weights]
  }

  /// Adds an operand.
  @inline(__always)
  public mutating func add(_ operand: Operand) {
    operands[operandCount] = operand
    operandCount += 1
    bytes[operand.role] += operand.bytes
    if operand.expansion != .none { hasExpansions = true }
    if operand.distinct < operand.touched { rereadBytes += operand.rereadBytes }
  }

  /// Replaces each operand that is weights, and sums up anew.
  mutating func mapWeights(_ body: (Operand) -> Operand) {
    bytes[.weights] = .zero
    hasExpansions = false
    rereadBytes = .zero
    for index in 0..<operandCount {
      if operands[index].role == .weights {
        operands[index] = body(operands[index])
        bytes[.weights] += operands[index].bytes
        rereadBytes += operands[index].rereadBytes
      }
      if operands[index].expansion != .none { hasExpansions = true }
    }
  }

  /// Adds bytes that cross a link to memory outside the chip, while earlier layers compute.
  ///
  /// They are in none of the sums by role.
  public mutating func prefetch(_ bytes: Bytes, from peer: LinkUse.Peer) {
    link = LinkUse(peer, bytes: linkBytes + bytes, isPrefetched: true)
  }

  /// Bytes that cross a link.
  public var linkBytes: Bytes { link?.bytes ?? .zero }

  /// Whether it is part of softmax attention, where runtimes reach other shares of a peak.
  var isAttention: Bool {
    switch id {
    case .attention, .scores, .weightedSum: true
    default: false
    }
  }

  /// What an operation is for; its name in reports.
  public enum ID: UInt8, Sendable, CaseIterable {
    case embedding, embeddingNorm, inputConvolution, embeddingProjection
    case attentionNorm, qkv, rotary, scores, softmax, weightedSum, attention, attentionOutput
    case feedForwardNorm, router, gateUp, activation, down
    case finalNorm, pooler, head, sampling
    case keySelection, cacheUpkeep, outputGate
    case mixerInput, convolution, mixerInner, mixerNorm, scan, mixerOutput, adapter
    case latentQuery, latentKeyValue, latentExpansion, latentAbsorption
    case sourceKeyValue, residualPath, perLayerInput, patchEmbedding, unfold, collective
    case neuronPredictor, expertTransfer
  }
}

/// Bytes by what they are to the step.
public struct RoleBytes: Sendable {
  @usableFromInline
  var sums = InlineArray<8, Bytes>(repeating: .zero)

  init() {}

  /// The bytes of one role.
  @inlinable
  public subscript(role: Operand.Role) -> Bytes {
    get { sums[Int(role.rawValue)] }
    set { sums[Int(role.rawValue)] = newValue }
  }

  /// Intermediate results, read and written.
  @inlinable
  public var activations: Bytes { self[.activationRead] + self[.activationWrite] }

  /// What was there before the step and is read: weights, cache and states.
  var persistent: Bytes { self[.weights] + self[.cacheRead] + self[.state] }

  /// What a step moves of caches and states: states are read and written.
  var cached: Bytes { self[.cacheRead] + 2 * self[.state] }

  /// New cache entries, and what enters and leaves the step.
  var written: Bytes { self[.cacheWrite] + self[.stepInput] + self[.stepOutput] }

  /// What no schedule avoids moving.
  var compulsory: Bytes { self[.weights] + cached + written }

  /// Adds bytes of one role by its number.
  @inline(__always)
  mutating func add(_ bytes: Bytes, role: Int) { sums[role] += bytes }

  /// Adds the bytes of an operation, times its layers.
  @inline(__always)
  mutating func add(_ bytes: borrowing RoleBytes, repeats: Double) {
    for role in 0..<8 { sums[role] += repeats * bytes.sums[role] }
  }
}

extension Operand {
  /// A placeholder in unused slots.
  static let none = Operand(
    .activationRead, rows: 0, columns: 0, format: CompactFormat(.f16))
}

/// Counts of one operation, by engine.
public struct Work: Sendable {
  /// Matrix work that the result needs.
  public var matrix: FLOPs
  /// Matrix work that is executed: whole tiles, masked pairs too.
  public var executedMatrix: FLOPs
  /// The precision in which the products are formed.
  public var precision: MultiplyPrecision
  /// Additions, multiplications, comparisons and conversions on lanes.
  public var vector: FLOPs
  /// exp, reciprocal, square root.
  public var special: FLOPs
  /// Kernels.
  public var launches: Double

  /// Work on lanes and special functions only; lane and special operations are plain counts.
  public init(vector: Double = 0, special: Double = 0, launches: Double = 1) {
    self.init(
      multiplyAdds: 0, executed: 0, precision: .f32, vector: vector, special: special,
      launches: launches)
  }

  /// A product of `multiplyAdds` multiply-adds, with what goes with it.
  /// - Parameters:
  ///   - multiplyAdds: those that the result needs.
  ///   - executed: those that are executed; never fewer.
  ///   - precision: in which they are formed.
  ///   - vector: lane operations.
  ///   - special: special functions.
  ///   - launches: kernels.
  public init(
    multiplyAdds: Double, executed: Double? = nil, precision: MultiplyPrecision,
    vector: Double = 0, special: Double = 0, launches: Double = 1
  ) {
    matrix = FLOPs(multiplyAdds: multiplyAdds)
    executedMatrix = FLOPs(multiplyAdds: executed ?? multiplyAdds)
    self.precision = precision
    self.vector = FLOPs(vector)
    self.special = FLOPs(special)
    self.launches = launches
  }
}

/// The shape of an attention kernel, for one layer.
public struct AttentionShape: Sendable {
  /// Sequences.
  public var batch: Double
  /// Query heads (H) and key-value heads (G).
  public var heads: Double
  public var kvHeads: Double
  /// Query rows for each sequence and head (S).
  public var queries: Double
  /// Keys that the rows of one sequence read at most.
  public var keys: Double
  /// Width of queries and keys, and of values.
  public var headSize: Double
  public var valueHeadSize: Double
  /// How the product is scheduled.
  public var schedule: Schedule

  /// An attention kernel of one layer.
  public init(
    batch: Double, heads: Double, kvHeads: Double, queries: Double, keys: Double, headSize: Double,
    valueHeadSize: Double, schedule: Schedule
  ) {
    self.batch = batch
    self.heads = heads
    self.kvHeads = kvHeads
    self.queries = queries
    self.keys = keys
    self.headSize = headSize
    self.valueHeadSize = valueHeadSize
    self.schedule = schedule
  }
}
