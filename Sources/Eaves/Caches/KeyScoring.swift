import Quantities

/// What it costs to learn how much attention keys get, for policies that choose entries by it.
///
/// Where the schedule writes attention weights they are read and added up; where it does not, they are formed
/// again: 2·H·d_q FLOPs and one exp a pair, the keys read once more.
struct KeyScoring {
  /// Queries of one sequence whose weights are wanted.
  var queries: Int
  /// Keys of one sequence that they read: cached ones, and those of the step.
  var cachedKeys: Int
  var newKeys: Int
  /// The (query, key) pairs of one sequence: useful, and in whole tiles.
  var pairs: Double
  var executedPairs: Double
  /// Whether a sum for each head and key is kept from step to step, in 32 bits.
  var keepsSums = false
  /// Lane operations of one sequence and head beside an addition a pair.
  var pooling = 0.0

  /// The weights of all queries of a step, under a pattern that reaches `reach` tokens back.
  init(_ step: Step, cachedKeys: Int, reach: Int, keepsSums: Bool) {
    var kept = step
    kept.cachedTokens = cachedKeys
    let pattern: any Pattern = reach == .max ? Causal() : SlidingWindow(reach)
    let side = Schedule.tileRows
    queries = step.newTokens
    self.cachedKeys = cachedKeys
    newKeys = step.newTokens
    pairs = pattern.pairs(kept)
    executedPairs =
      step.newTokens == 1 ? pairs : pattern.executedPairs(kept, rows: side, columns: side)
    self.keepsSums = keepsSums
  }

  /// The weights of the last `queries` queries of a step, over all keys.
  init(last queries: Int, of step: Step, cachedKeys: Int) {
    self.queries = queries
    self.cachedKeys = cachedKeys
    newKeys = step.newTokens
    pairs = Double(queries) * Double(cachedKeys + step.newTokens)
    executedPairs = pairs
  }

  private var keys: Int { cachedKeys + newKeys }

  /// Appends one operation.
  func emit(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    if layer.schedule.handsOutProbabilities {
      emitSums(step, layer, into: &buffer)
    } else {
      emitPass(step, layer, into: &buffer)
    }
  }

  /// Adds up weights that attention has written.
  private func emitSums(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let heads = step.batch * layer.heads
    buffer.append(
      .cacheUpkeep, .reduction(rows: Double(heads * queries), columns: keys),
      work: Work(vector: Double(heads) * (pairs + pooling))
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: heads * queries, columns: keys, format: layer.activations))
      addSums(heads, to: &operation)
    }
  }

  /// Forms the weights a second time, in a kernel like that of attention.
  private func emitPass(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let heads = step.batch * layer.heads
    let columns = layer.kvHeads * layer.headSize
    let kernel = AttentionShape(
      batch: Double(step.batch), heads: Double(layer.heads), kvHeads: Double(layer.kvHeads),
      queries: Double(queries), keys: Double(keys), headSize: Double(layer.headSize),
      valueHeadSize: 0, schedule: layer.schedule)
    let products = Double(heads) * Double(layer.headSize)
    buffer.append(
      .cacheUpkeep, .attention(kernel),
      work: Work(
        multiplyAdds: products * pairs, executed: products * executedPairs,
        precision: layer.precision, vector: Double(heads) * (pairs + pooling),
        special: Double(heads) * pairs)
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: step.batch * queries, columns: layer.heads * layer.headSize,
          format: layer.activations))
      layer.storage.addReads(of: cachedKeys, columns: columns, batch: step.batch, to: &operation)
      operation.add(
        Operand(
          .activationRead, rows: step.batch * newKeys, columns: columns,
          format: layer.storage.recent))
      addSums(heads, to: &operation)
    }
  }

  private func addSums(_ heads: Int, to operation: inout Operation) {
    guard keepsSums else { return }
    operation.add(Operand(.state, rows: heads, columns: keys, format: CompactFormat(.f32)))
  }
}

extension CacheLayer {
  /// Bytes of a 32-bit score for each head and entry.
  func scoreBytes(entries: Int) -> Bytes { Bytes(4 * Double(heads) * Double(entries)) }
}
