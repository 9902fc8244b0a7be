public import Quantities

/// The operations of one step and, once it is evaluated, their costs: reused from step to step, so that no
/// array is made for each.
public struct OperationBuffer: Sendable {
  /// One operation and its cost.
  struct Entry: Sendable {
    var operation: Operation
    var cost = OperationCost()
  }

  /// Those of this step and, past `count`, of earlier ones, whose memory is used again.
  private var entries: [Entry] = []
  /// How many operations there are.
  public private(set) var count = 0
  /// How many identical layers the next operations stand for.
  public var repeats: Double = 1
  /// Bytes of weights, cache and states that the step reads, over all layers.
  public private(set) var persistentBytes = Bytes.zero
  /// The largest activations of one operation: the workspace of a step.
  public private(set) var largestActivations = Bytes.zero
  /// Bytes of weights that the step reads more than once, each counted once.
  public private(set) var rereadSet = Bytes.zero

  /// An empty buffer.
  public init() {}

  /// Forgets the operations, keeps the room.
  public mutating func removeAll() {
    count = 0
    repeats = 1
    persistentBytes = .zero
    largestActivations = .zero
    rereadSet = .zero
  }

  /// Says that the operations from `first` on are of layers that share weights.
  mutating func shareWeights(_ share: Double, from first: Int) {
    for index in first..<count {
      let weights = entries[index].operation.bytes[.weights]
      entries[index].operation.shareWeights(share)
      persistentBytes = persistentBytes - repeats * ((1 - share) * weights)
      rereadSet += repeats * (share * weights)
    }
  }

  /// Changes the operations from `first` on, and what they add to the sums.
  mutating func change(from first: Int, _ body: (inout Operation) -> Void) {
    for index in first..<count {
      let (persistent, rereads) = entries[index].operation.readOnceAndAgain
      body(&entries[index].operation)
      let changed = entries[index].operation.readOnceAndAgain
      persistentBytes += repeats * (changed.persistent - persistent)
      rereadSet += repeats * (changed.rereads - rereads)
    }
  }

  /// Counts what the last operation reads again: called after it was appended.
  @inline(never)
  private mutating func countRereads(_ operation: Operation) {
    persistentBytes = persistentBytes - repeats * operation.rereadBytes
    rereadSet += repeats * (operation.bytes[.weights] - operation.rereadBytes)
  }

  /// The operations as an array, for readers off the hot path.
  public var operations: [Operation] { entries.prefix(count).map { $0.operation } }

  /// The operations with their costs, for readers off the hot path.
  var costed: [(operation: Operation, cost: OperationCost)] {
    entries.prefix(count).map { ($0.operation, $0.cost) }
  }

  /// Adds an operation; `body` adds its operands.
  ///
  /// It is written in place: copying it there would take longer than all its sums.
  @inline(__always)
  public mutating func append(
    _ id: Operation.ID, _ kind: Operation.Kind, work: Work, _ body: (inout Operation) -> Void
  ) {
    if count == entries.count { grow() }
    let repeats = repeats
    let bytes = { (operation: inout Operation) in
      operation.restart(id, kind, work: work, repeats: repeats)
      body(&operation)
      return (
        persistent: operation.bytes.persistent, activations: operation.bytes.activations,
        rereads: operation.rereadBytes > .zero
      )
    }(&entries[count].operation)
    persistentBytes += repeats * bytes.persistent
    largestActivations = max(largestActivations, bytes.activations)
    if bytes.rereads { countRereads(entries[count].operation) }
    count += 1
  }

  /// Changes the operation that was added last.
  mutating func updateLast(_ body: (inout Operation) -> Void) {
    if count > 0 { body(&entries[count - 1].operation) }
  }

  /// Calls `body` with every entry where it lies.
  @inline(__always)
  mutating func forEach(_ body: (inout Entry) -> Void) {
    let count = count
    var entries = entries.mutableSpan
    for index in 0..<count { body(&entries[index]) }
  }

  @inline(never)
  private mutating func grow() {
    let empty = Operation(.embedding, .pointwise(elements: 0), work: Work(), repeats: 0)
    entries.append(contentsOf: repeatElement(Entry(operation: empty), count: 16))
  }
}

extension Operation {
  /// What it reads that was there before the step, each byte once, and the part of it that is read again.
  fileprivate var readOnceAndAgain: (persistent: Bytes, rereads: Bytes) {
    (
      bytes.persistent - rereadBytes,
      rereadBytes > .zero ? bytes[.weights] - rereadBytes : .zero
    )
  }
}
