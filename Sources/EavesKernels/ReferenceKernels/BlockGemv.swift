import Eaves
import EavesBlocks
import Quantities

/// Weights as a block format stores them: bytes, row after row.
struct BlockMatrix: Sendable {
  let layout: BlockLayout
  let rows: Int
  let columns: Int
  let bytes: [UInt8]

  /// Seeded blocks with scales of moderate size: any bytes are levels.
  /// - Throws: `KernelError` where blocks do not fill the rows.
  init(_ layout: BlockLayout, rows: Int, columns: Int, seed: UInt64) throws(KernelError) {
    let size = layout.size
    guard columns.isMultiple(of: size.elements) else {
      throw .operandMismatch("\(columns) columns are no multiple of \(size.elements)")
    }
    self.layout = layout
    self.rows = rows
    self.columns = columns
    var generator = SplitMix64(seed: seed)
    let blocks = rows * columns / size.elements
    bytes = (0..<blocks).flatMap { _ in
      layout.tamed((0..<size.bytes).map { _ in UInt8(generator.next() >> 56) })
    }
  }

  /// The elements of a row, block by block.
  func row(_ row: Int) -> [Float] {
    let size = layout.size
    let blocks = columns / size.elements
    return (0..<blocks).flatMap { block in
      let start = (row * blocks + block) * size.bytes
      return (0..<size.elements).map { layout.element($0, of: bytes[start..<start + size.bytes]) }
    }
  }
}

extension BlockLayout {
  /// The same bytes with finite scales of moderate size.
  func tamed(_ block: [UInt8]) -> [UInt8] {
    var block = block
    for place in halves { block[place + 1] = block[place + 1] & 0x83 | 0x2C }
    switch self {
    case .mxfp4: block[0] = 120 + block[0] & 7
    case .nvfp4: for place in 0..<4 { block[place] &= 63 }
    case .q8K: block.replaceSubrange(0..<4, with: [0, 0, 0, 0x3C])
    // The high bits of its scale.
    case .iq1M: block[55] = block[55] & 0x0F | 0x20
    default: break
    }
    return block
  }
}

/// A product with one row, or a few, of weights in a block format: each block is expanded, then multiplied.
///
/// y[i, j] = Σ_l x[i, l]·w[j, l]; w: [n, k] in blocks along k.
enum BlockGemv {
  /// - Throws: `KernelError` where the matrix is not the operand of the operation.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ matrix: BlockMatrix
  ) throws(KernelError) {
    let shape = try ProductShape(buffers.operation)
    let x = try buffers.buffer(0, rows: shape.m, columns: shape.k)
    let stored = try buffers.buffer(1, rows: shape.n, columns: shape.k)
    let output = try buffers.output()
    guard matrix.rows == shape.n, matrix.columns == shape.k,
      Double(matrix.bytes.count) == stored.bytes.value
    else { throw .operandMismatch("\(matrix.bytes.count) bytes of blocks for \(stored.bytes)") }
    for column in 0..<shape.n {
      let row = matrix.row(column)
      for (inner, value) in row.enumerated() { stored[column, inner] = Scalar(Double(value)) }
      for token in 0..<shape.m {
        output[token, column] = Scalar.dot(shape.k) { (x[token, $0], stored[column, $0]) }
      }
    }
  }
}
