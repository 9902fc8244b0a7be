import Quantities

/// A product of the rows with a matrix of a mixer: [T, in] × [in, out], whole or in diagonal blocks.
struct MixerProduct: Emitter, Equatable {
  private let id: Operation.ID
  private let input: Int
  private let output: Int
  private let blocks: Int
  private let rowsPerToken: Int
  private let read: Int
  private let written: Int
  private let hasBias: Bool
  private let weights: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision
  /// Special functions a row.
  private let special: Double

  /// - Parameters:
  ///   - id: what it is for.
  ///   - role: the tensor it multiplies with.
  ///   - input: rows of a block of the matrix.
  ///   - output: columns of a block.
  ///   - blocks: how many diagonal blocks there are.
  ///   - rowsPerToken: rows that a token has: one for each head where all heads share the matrix.
  ///   - read: columns that are read, where several inputs of a width share one operation.
  ///   - written: columns that are written, where several results do.
  ///   - hasBias: whether each column has a bias.
  ///   - special: special functions of a row of the result.
  ///   - formats: formats and precisions of the layer.
  init(
    _ id: Operation.ID, _ role: TensorRole, from input: Int, to output: Int, blocks: Int = 1,
    rowsPerToken: Int = 1, read: Int? = nil, written: Int? = nil, hasBias: Bool = false,
    special: Double = 0,
    _ formats: LayerFormats
  ) {
    self.id = id
    self.input = input
    self.output = output
    self.blocks = blocks
    self.rowsPerToken = rowsPerToken
    self.read = read ?? input * blocks * rowsPerToken
    self.written = written ?? output * blocks * rowsPerToken
    self.hasBias = hasBias
    self.special = special
    weights = formats.compact(role)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: role)
  }

  /// 2·T·in·out FLOPs a block; weights once.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let m = Double(rows) * Double(rowsPerToken)
    var work = Work.product(
      m: m, n: Double(output), k: Double(input), count: Double(blocks),
      precision: precision)
    work.special = FLOPs(special * Double(rows))
    buffer.append(
      id, .matmul(m: m, n: output, k: input, count: Double(blocks)), work: work
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: read, format: activations))
      operation.add(
        Operand(
          .weights, rows: output, columns: input, format: weights, touched: Double(blocks)))
      if hasBias {
        operation.add(Operand(.weights, rows: 1, columns: output * blocks, format: bias))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: written, format: activations))
    }
  }
}
