public import Quantities

/// What a kernel takes on one thread, by what takes it.
public struct KernelTime: Sendable, Hashable {
  /// The inner loops where everything lies in the nearest cache, calls and copies of a library among them.
  public internal(set) var inCore = Seconds.zero
  /// All bytes at the bandwidth of their working set, and what they would take from the nearest cache.
  public internal(set) var transfer = Seconds.zero
  var nearTransfer = Seconds.zero
  /// What transfers add to the time in the core.
  public internal(set) var exposed = Seconds.zero
  /// The least that the work takes at the peak, and the least that the bytes do.
  var leastWork = Seconds.zero
  var leastTransfer = Seconds.zero

  /// Nothing yet.
  init() {}

  /// A time in the core.
  init(inCore: Double) { self.inCore = Seconds(inCore) }

  /// The time of the inner loops and what transfers add to it (docs/validation.md, "Time").
  public var expected: Seconds { max(lower, inCore + exposed) }

  /// At best: the larger of work at the peak and bytes at their bandwidth.
  public var lower: Seconds { max(leastWork, leastTransfer) }

  /// Nothing runs beside anything: all bytes after all work.
  public var upper: Seconds { max(expected, inCore + transfer) }

  /// Whether bytes from beyond the nearest cache take longer than the inner loops.
  public var isMemoryBound: Bool { transfer > inCore }

  /// Sets what transfers add to the time in the core.
  mutating func expose(_ overlap: Overlap) {
    switch overlap {
    case .none: exposed = max(.zero, transfer - nearTransfer)
    case .share(let share):
      let (shorter, longer) = (min(inCore, transfer), max(inCore, transfer))
      exposed = longer + share * shorter - inCore
    }
  }

  /// How far transfers run beside the inner loops.
  enum Overlap: Hashable {
    /// Not: a library copies first, and multiplies what it has copied.
    case none
    /// But for a share of the shorter of the two.
    case share(Double)
  }

  static func += (sum: inout KernelTime, time: KernelTime) {
    sum.inCore += time.inCore
    sum.transfer += time.transfer
    sum.nearTransfer += time.nearTransfer
    sum.exposed += time.exposed
    sum.leastWork += time.leastWork
    sum.leastTransfer += time.leastTransfer
  }
}

/// What a kernel takes in the core, and how it goes about its data.
struct KernelParts {
  var time: KernelTime
  var overlap: KernelTime.Overlap
  var stream: KernelStream?

  init(_ time: KernelTime, _ overlap: KernelTime.Overlap, _ stream: KernelStream? = nil) {
    self.time = time
    self.overlap = overlap
    self.stream = stream
  }
}

/// Which of several kernels runs what both can.
public struct KernelChoice: Sendable, Hashable {
  /// A float matrix times one vector.
  public var vectorProducts: KernelMaker
  /// Attention of one new token.
  public var decode: KernelMaker
  /// Keys that the library's attention of one token takes at a time; all where not given.
  public var decodeTile: Double?

  /// The library's gemv, and fused attention in lanes.
  public init(
    vectorProducts: KernelMaker = .library, decode: KernelMaker = .lanes,
    decodeTile: Double? = nil
  ) {
    self.vectorProducts = vectorProducts
    self.decode = decode
    self.decodeTile = decodeTile
  }
}
