public import Eaves

/// Softmax attention in one kernel, over keys and values of any number of heads.
///
/// Operands: q [T, H·d_q], cached entries [b·n, G·(d_q + d_v)], new entries [T, G·(d_q + d_v)], o [T, H·d_v]. An
/// entry holds the keys of all heads, then the values.
public enum AttentionFused {
  /// How a step is executed.
  public enum Execution: Sendable, Hashable {
    /// Runs alone: no pair that is not read.
    case runs
    /// Tiles of query rows and keys.
    case tiles(rows: Int, columns: Int)
    /// Tiles of keys gathered for each query.
    case gathered(columns: Int)
  }

  /// Executes an attention operation.
  /// - Parameters:
  ///   - buffers: its operands.
  ///   - pattern: which keys are read: its runs are executed.
  ///   - step: the tokens, those of the cache that are kept.
  ///   - execution: in which order.
  /// - Throws: `KernelError` where operation and buffers do not fit the step.
  public static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ pattern: any Pattern, _ step: Step, _ execution: Execution
  ) throws(KernelError) {
    let job = try job(buffers, Visibility(pattern, step), batch: step.batch)
    job.run(execution)
  }

  /// The sizes and places of an operation.
  static func job<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ visibility: Visibility, batch: Int
  ) throws(KernelError) -> AttentionJob<Scalar> {
    guard case .attention(let shape) = buffers.operation.kind else {
      throw .wrongShape(buffers.operation.id)
    }
    let (heads, kvHeads) = (Int(shape.heads), Int(shape.kvHeads))
    let (headSize, valueHeadSize) = (Int(shape.headSize), Int(shape.valueHeadSize))
    let queries = visibility.keys.count
    let query = try buffers.buffer(0, rows: batch * queries, columns: heads * headSize)
    let output = try buffers.output()
    let inputs = buffers.with(.activationRead)
    let columns = kvHeads * (headSize + valueHeadSize)
    guard Double(queries) == shape.queries, Double(batch) == shape.batch, inputs.count == 2,
      inputs[1].columns == columns, output.columns == heads * valueHeadSize
    else { throw .operandMismatch("\(inputs.count) inputs for \(queries) queries") }
    let entries = try EntryRows(
      cached: buffers.with(.cacheRead), new: inputs[1], batch: batch, visibility)
    return AttentionJob(
      batch: batch, heads: heads, kvHeads: kvHeads, headSize: headSize,
      valueHeadSize: valueHeadSize, visibility: visibility,
      query: { query[$0 * queries + $1, $2 * headSize + $3] },
      key: { entries.element($0, $1, $2 * headSize + $3) },
      value: { entries.element($0, $1, kvHeads * headSize + $2 * valueHeadSize + $3) },
      write: { output[$0 * queries + $1, $2 * valueHeadSize + $3] = $4 },
      isKept: entries.isKept)
  }
}

extension AttentionJob {
  /// Executes the job in some order.
  func run(_ execution: AttentionFused.Execution) {
    switch execution {
    case .runs: runRuns()
    case .tiles(let rows, let columns): runTiles(rows: rows, columns: columns)
    case .gathered(let columns): runGathered(columns: columns)
    }
  }
}
