import Quantities

/// Linformer's mixtures of keys and values: [k, n] × [n, H·(d_q + d_v)] for each sequence.
struct LengthProjection: Emitter, Equatable {
  private let rank: Int
  private let maxTokens: Int
  private let matrices: Int
  private let width: Int
  private let weights: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  /// - Parameters:
  ///   - rank: mixtures (k).
  ///   - maxTokens: columns of a matrix as it is stored (n_max).
  ///   - matrices: different matrices in a layer.
  ///   - width: columns of keys and values together.
  ///   - formats: formats of the layer.
  init(rank: Int, maxTokens: Int, matrices: Int, width: Int, _ formats: LayerFormats) {
    self.rank = rank
    self.maxTokens = maxTokens
    self.matrices = matrices
    self.width = width
    weights = formats.compact(.mixerInner)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .mixerInner)
  }

  /// 2·n·k·(d_q + d_v) FLOPs a head; of each matrix the columns of the tokens that there are.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let tokens = step.newTokens
    let touched = Double(matrices)
    buffer.append(
      .mixerInner, .matmul(m: Double(rank), n: width, k: tokens, count: Double(step.batch)),
      work: .product(
        m: Double(rank), n: Double(width), k: Double(tokens), count: Double(step.batch),
        precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: width, format: activations))
      operation.add(
        Operand(
          .weights, rows: rank, columns: tokens, format: weights, touched: touched,
          resident: touched * Double(maxTokens) / Double(tokens)))
      operation.add(
        Operand(
          .activationWrite, rows: step.batch * rank, columns: width, format: activations))
    }
  }
}

/// Softmax attention of every row over the k mixtures of its sequence.
struct LowRankAttention: Emitter, Equatable {
  private let shape: Block.Attention
  private let rank: Int
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(shape: Block.Attention, rank: Int, _ formats: LayerFormats) {
    self.shape = shape
    self.rank = rank
    activations = CompactFormat(formats.activations)
    precision = formats.precision.precision(
      weights: formats.activations, activations: formats.activations)
  }

  /// 2·n·k·(d_q + d_v) FLOPs and n·k exp a head; lanes as in softmax attention.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows) * Double(shape.heads)
    let pairs = rows * Double(rank)
    let kernel = AttentionShape(
      batch: Double(step.batch), heads: Double(shape.heads), kvHeads: Double(shape.kvHeads),
      queries: Double(step.newTokens), keys: Double(rank), headSize: Double(shape.headSize),
      valueHeadSize: Double(shape.valueHeadSize), schedule: .flash2)
    buffer.append(
      .attention, .attention(kernel),
      work: Work(
        multiplyAdds: pairs * Double(shape.headSize + shape.valueHeadSize), precision: precision,
        vector: 5 * pairs + rows * Double(shape.valueHeadSize), special: pairs + rows)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      operation.add(
        Operand(
          .activationRead, rows: step.batch * rank, columns: shape.entryWidth,
          format: activations))
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }
}
