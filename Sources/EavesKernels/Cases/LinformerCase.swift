public import Eaves

/// Linformer: softmax attention over k mixtures of keys and values (Wang 2020, section 4).
///
/// E [2·H, k, n]: mixtures of the keys of each head, then of the values; [b·n, H·2d] to [b·k, H·2d].
public struct LinformerCase: KernelCase {
  public static let family = "linformer"
  let batch: Int
  let tokens: Int
  let rank: Int
  private let heads = 2
  private let width = 4

  init(batch: Int, tokens: Int, rank: Int) {
    self.batch = batch
    self.tokens = tokens
    self.rank = rank
  }

  public var shape: String { "b\(batch) H\(heads) d\(width) n\(tokens) k\(rank)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: 8, mixer: "linformer",
        ["heads": heads, "head_size": width, "rank": rank, "n_max": 64], kind: .encoder
      ).operations(.encode(tokens, batch: batch), .mixerInner, .attention)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let projected = try memory.buffers(0)
    let (input, weights, mixed) = (projected[0], projected[1], try projected.output())
    for row in 0..<mixed.rows {
      for column in 0..<mixed.columns {
        // Columns of a head's keys, then of its values, have matrices of their own.
        let matrix = column / width
        mixed[row, column] = Scalar.dot(tokens) {
          (
            weights[matrix * rank + row % rank, $0],
            input[row / rank * tokens + $0, column]
          )
        }
      }
    }
    let attended = try memory.buffers(1, given: [1: mixed])
    let job = try job(attended, mixed: { mixed[$0, $1] })
    job.runRuns()
    return try attended.output().values
  }

  private func job<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, mixed: @escaping (Int, Int) -> Scalar
  ) throws(KernelError) -> AttentionJob<Scalar> {
    let (query, output) = (buffers[0], try buffers.output())
    let (tokens, rank, width, heads) = (tokens, rank, width, heads)
    return AttentionJob(
      batch: batch, heads: heads, kvHeads: heads, headSize: width, valueHeadSize: width,
      visibility: Visibility(queries: tokens, keys: rank),
      query: { query[$0 * tokens + $1, $2 * width + $3] },
      key: { mixed($0 * rank + $1, $2 * width + $3) },
      value: { mixed($0 * rank + $1, (heads + $2) * width + $3) },
      write: { output[$0 * tokens + $1, $2 * width + $3] = $4 }, isKept: { $0 < rank })
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let (projected, attended) = (try memory.buffers(0), try memory.buffers(1))
    let (x, e) = (projected[0], projected[1].values)
    let (tokens, rank, width) = (tokens, rank, width)
    return try job(attended) { row, column in
      (0..<tokens).reduce(0) {
        $0 + e[(column / width * rank + row % rank) * tokens + $1]
          * x.values[(row / rank * tokens + $1) * x.columns + column]
      }
    }.definition()
  }

  static let all: [any KernelCase] = [
    LinformerCase(batch: 1, tokens: 12, rank: 3), LinformerCase(batch: 2, tokens: 9, rank: 5),
  ]
}
