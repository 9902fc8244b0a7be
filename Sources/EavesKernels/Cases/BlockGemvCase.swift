public import Eaves
import EavesBlocks

/// Products with weights in each block format: a gemv, and a few rows.
///
/// Not predicted as work of the operation: expanding the weights, which a runtime's rates cost apart. Q1_0 and Q2_0 are
/// not executed.
public struct BlockGemvCase: KernelCase {
  public static let family = "block-gemv"
  let layout: BlockLayout
  let rows: Int
  private static let outputs = 6
  private static let depth = 512

  public var shape: String { "\(layout.rawValue) \(rows)×\(Self.outputs)×\(Self.depth)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      // The first product of a feed-forward part, by name: "iq2_s" alone is a mixture of formats over a file.
      var model = TinyModel(
        hidden: Self.depth,
        feedForward: Block.FeedForward(size: Self.outputs, isGated: false, activation: .relu))
      model.weights = "f16:feed_forward=\(layout.rawValue)"
      return try model.operations(.prefill(rows), .gateUp)
    }
  }

  private var matrix: BlockMatrix {
    get throws(KernelError) {
      try BlockMatrix(layout, rows: Self.outputs, columns: Self.depth, seed: 7)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try BlockGemv.run(buffers, try matrix)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let (x, matrix) = (try memory.buffers(0)[0].values, try matrix)
    let weights = (0..<Self.outputs).map { matrix.row($0).map(Double.init) }
    return (0..<rows * Self.outputs).map { place in
      (0..<Self.depth).reduce(0) {
        $0 + x[place / Self.outputs * Self.depth + $1] * weights[place % Self.outputs][$1]
      }
    }
  }

  static let all: [any KernelCase] =
    BlockLayout.allCases.map { BlockGemvCase(layout: $0, rows: 1) }
    + [BlockGemvCase(layout: .q4K, rows: 3)]
}
