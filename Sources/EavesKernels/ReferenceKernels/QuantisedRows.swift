import Eaves
import EavesBlocks

/// Rows of keys and values as a quantised cache holds them.
enum QuantisedRows {
  /// How entries are rounded.
  enum Storage: Sendable, Hashable {
    /// Blocks along the channels of a token.
    case blocks(BlockLayout)
    /// KIVI: keys in groups along the tokens of a channel, values along the channels of a token.
    case kivi(bits: Int)
  }

  /// Rounds the rows of a buffer [tokens, keys | values] in place.
  /// - Returns: the bits that they take, scales included.
  /// - Throws: `KernelError` where rows or columns do not fill blocks.
  static func round<Scalar: KernelScalar>(
    _ buffer: Buffer<Scalar>, as storage: Storage, keyColumns: Int, tokens: Int
  ) throws(KernelError) -> Int {
    let columns = buffer.columns
    let group = 32
    guard columns.isMultiple(of: group), keyColumns.isMultiple(of: group) else {
      throw .operandMismatch("\(columns) columns are no multiple of \(group)")
    }
    func values(_ places: [Int]) -> [Float] { places.map { Float(buffer.values[$0].widened) } }
    func store(_ places: [Int], _ values: [Float]) {
      for (place, value) in zip(places, values) {
        buffer.fill(place / columns, place % columns, Scalar(Double(value)))
      }
    }
    var bits = 0
    switch storage {
    case .blocks(let layout):
      for start in stride(from: 0, to: buffer.values.count, by: group) {
        let places = Array(start..<start + group)
        let block =
          layout == .q8_0 ? BlockEncoder.q8(values(places)) : BlockEncoder.q4(values(places))
        store(places, places.indices.map { layout.element($0, of: block[...]) })
        bits += 8 * block.count
      }
    case .kivi(let width):
      guard buffer.rows.isMultiple(of: tokens), tokens.isMultiple(of: group) else {
        throw .operandMismatch("\(tokens) packed tokens are no multiple of \(group)")
      }
      for start in stride(from: 0, to: buffer.rows, by: group) {
        for column in 0..<keyColumns {
          let places = (start..<start + group).map { $0 * columns + column }
          let packed = BlockEncoder.group(values(places), bits: width)
          store(places, packed.values)
          bits += packed.storedBits
        }
      }
      for row in 0..<buffer.rows {
        for column in stride(from: keyColumns, to: columns, by: group) {
          let places = (column..<column + group).map { row * columns + $0 }
          let packed = BlockEncoder.group(values(places), bits: width)
          store(places, packed.values)
          bits += packed.storedBits
        }
      }
    }
    return bits
  }
}
