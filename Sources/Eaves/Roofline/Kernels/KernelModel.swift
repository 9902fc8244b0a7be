public import Quantities

/// Predicts the time of kernels on one thread from pieces that were timed alone.
///
/// In-core time plus exposed transfer (docs/validation.md, "Time"); no constant belongs to a kernel family as a whole.
public struct KernelModel: Sendable {
  private let pieces: [KernelPiece: Double]
  private let shares: [KernelMaker: Double]
  let reaches: [KernelStream: Double]
  /// Time of a byte from the last cache, from where on main memory has a share.
  private let lastCache: Double
  let reading: WorkingSetCurve
  let copying: WorkingSetCurve?

  /// The pieces of a chip; `nil` where not even reading was measured.
  public init?(_ chip: Chip) {
    guard let times = chip.kernels else { return nil }
    let caches = chip.memory.filter { $0.kind == .cache }.compactMap { $0.capacity?.value }
    self.init(times, lastCache: caches.max())
  }

  /// A model from measured pieces; `nil` where not even reading was measured.
  /// - Parameters:
  ///   - times: What was measured.
  ///   - lastCache: Capacity of the last cache; without it no way of going through main memory differs.
  public init?(_ times: KernelTimes, lastCache: Bytes? = nil) {
    guard let reading = WorkingSetCurve(times.reading) else { return nil }
    self.reading = reading
    copying = WorkingSetCurve(times.copying)
    pieces = times.times.mapValues { $0.value.value }
    shares = times.exposedShares.mapValues { $0.value.value }
    reaches = times.reaches.mapValues { $0.value.value }
    // A quarter of a cache that others use too is held for certain.
    self.lastCache = lastCache.map { reading.time($0.value / 4) } ?? .infinity
  }

  /// The time of a unit of a piece.
  func callAsFunction(_ piece: KernelPiece) -> Double? { pieces[piece] }

  /// How kernels of a maker overlap what they read with what they compute; nothing where it was not measured.
  func overlap(_ maker: KernelMaker) -> KernelTime.Overlap {
    shares[maker].map { .share($0) } ?? .none
  }

  /// The time of operations that run one after the other, again and again: everything they touch is their working set.
  /// - Parameters:
  ///   - operations: Of one layer; `repeats` of each is not counted.
  ///   - choice: Which kernels run them.
  ///   - workingSet: All distinct bytes that they touch; the sum over operations where not given.
  /// - Returns: The time; `nil` where a piece was not measured.
  public func time(
    _ operations: [Operation], _ choice: KernelChoice = KernelChoice(), workingSet: Bytes? = nil
  ) -> KernelTime? {
    let all = workingSet ?? operations.reduce(Bytes.zero) { $0 + $1.compulsoryBytes }
    var sum = KernelTime()
    for operation in operations {
      guard let time = time(operation, choice, far: all, near: all) else { return nil }
      sum += time
    }
    return sum
  }

  /// The time of one operation in one layer.
  /// - Parameters:
  ///   - operation: What is executed.
  ///   - choice: Which kernels run it.
  ///   - far: The working set that weights, caches and states come from.
  ///   - near: The working set of intermediate results.
  /// - Returns: The time; `nil` where a piece was not measured.
  public func time(
    _ operation: Operation, _ choice: KernelChoice, far: Bytes, near: Bytes
  ) -> KernelTime? {
    guard operation.isInFloats else { return nil }
    let found: KernelParts? =
      switch operation.kind {
      case .matmul(let m, let n, let k, let count):
        operation.id == .scan
          ? gated(operation, Double(n), Double(k), count, choice)
          : product(operation, m: m, n: n, k: k, count: count, choice)
      case .attention(let shape): attention(operation, shape, choice)
      case .reduction(let rows, let columns):
        operation.id == .softmax
          ? softmax(rows: rows, columns: Double(columns)).map { KernelParts($0, overlap(.lanes)) }
          : nil
      case .scan: scan(operation)
      case .pointwise(let elements):
        pointwise(operation, elements).map { KernelParts($0, overlap(.lanes)) }
      case .gather, .convolution, .collective: nil
      }
    guard let found else { return nil }
    var time = found.time
    time.leastWork = Seconds(operation.work.matrix.value / 2 * (self(.peakMultiply) ?? 0))
    addTransfers(of: operation, WorkingSets(far: far.value, near: near.value), to: &time)
    addReach(found.stream, of: operation, far.value, to: &time)
    time.expose(found.overlap)
    return time
  }

  /// What a way of going through main memory takes longer than the fastest.
  private func addReach(
    _ stream: KernelStream?, of operation: Operation, _ far: Double, to time: inout KernelTime
  ) {
    guard let reach = stream.flatMap({ reaches[$0] }), reach < 1 else { return }
    let each = reading.time(far)
    // How much of what comes from there comes from main memory.
    let share = min(1, max(0, (each - lastCache) / (reading.farthest - lastCache)))
    guard share > 0 else { return }
    let bytes = operation.compulsoryBytes.value
    time.transfer += Seconds(bytes * each * share * (1 / reach - 1))
  }

  /// Working sets in bytes.
  struct WorkingSets {
    var far: Double
    var near: Double
  }

  /// Bytes that are read and written, each once, and again where the same operand is read again and again.
  private func addTransfers(
    of operation: Operation, _ sets: WorkingSets, to time: inout KernelTime
  ) {
    for slot in 0..<operation.operandCount {
      let operand = operation.operands[slot]
      let bytes = operand.distinctElements * operand.bytesPerElement
      switch operand.role {
      case .weights, .cacheRead:
        addReads(bytes, of: sets.far, to: &time)
        addReads(operand.rereadBytes.value, of: min(sets.far, bytes), to: &time)
      case .activationRead, .stepInput: addReads(bytes, of: sets.near, to: &time)
      case .activationWrite, .stepOutput: addWrites(bytes, of: sets.near, to: &time)
      case .cacheWrite: addWrites(bytes, of: sets.far, to: &time)
      case .state:
        addReads(bytes, of: sets.far, to: &time)
        addWrites(bytes, of: sets.far, to: &time)
      }
    }
  }

  /// Bytes that come from a working set.
  func addReads(_ bytes: Double, of workingSet: Double, to time: inout KernelTime) {
    let each = reading.time(workingSet)
    time.transfer += Seconds(bytes * each)
    time.nearTransfer += Seconds(bytes * reading.nearest)
    time.leastTransfer += Seconds(bytes * each)
  }

  /// Bytes that are written over a working set: a line is fetched before it is written, and leaves later.
  func addWrites(_ bytes: Double, of workingSet: Double, to time: inout KernelTime) {
    let read = reading.time(workingSet)
    // A copy of one byte reads one and writes one.
    let each = copying.map { max(0, 2 * $0.time(workingSet) - read) } ?? read
    let nearest = copying.map { max(0, 2 * $0.nearest - reading.nearest) } ?? reading.nearest
    time.transfer += Seconds(bytes * each)
    time.nearTransfer += Seconds(bytes * min(each, nearest))
    time.leastTransfer += Seconds(bytes * min(each, read))
  }

  /// What bytes of one working set take, and what of it is beyond what they take from the nearest cache.
  public func transfer(
    reads: Bytes, writes: Bytes, workingSet: Bytes
  ) -> (all: Seconds, beyondNearest: Seconds) {
    var time = KernelTime()
    addReads(reads.value, of: workingSet.value, to: &time)
    addWrites(writes.value, of: workingSet.value, to: &time)
    return (time.transfer, max(.zero, time.transfer - time.nearTransfer))
  }
}

extension Operation {
  /// Whether what is stored is 32-bit floats or expanded from fewer bits: there are no kernels for other floats.
  fileprivate var isInFloats: Bool {
    for slot in 0..<operandCount {
      switch operands[slot].role {
      case .weights, .cacheRead, .activationRead, .activationWrite:
        if operands[slot].expansion == .none, operands[slot].bytesPerElement != 4 { return false }
      case .cacheWrite, .state, .stepInput, .stepOutput: break
      }
    }
    return true
  }
}
