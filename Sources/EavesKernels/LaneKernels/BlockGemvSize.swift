import EavesBlocks

/// A matrix in blocks of 32 quantised weights with a half-precision scale, and a vector: four buffers.
struct BlockGemvSize: Sendable {
  let size: GemvSize
  /// Bytes of a block, its scale included.
  let bytesOfBlock: Int

  /// Blocks of a row.
  var blocks: Int { size.k / LaneQuantised.block }
  private var bytes: Int { size.n * blocks * bytesOfBlock }

  /// x [k], x rounded, w [n, k], y [n].
  var floats: [Int] {
    [size.k, blocks * LaneQuantised.floatsOfBlock, (bytes + 3) / 4, size.n]
  }

  /// Seeded bytes, no weight of −128, and scales between 2⁻⁶ and 2⁻⁵, some of them negative.
  func prepare(_ memory: TimedMemory) {
    let start = UnsafeMutableRawPointer(memory[2])
    var generator = SplitMix64(seed: 3)
    let period = min(bytes, 8 * 1023)
    for offset in 0..<period {
      let byte = UInt8(truncatingIfNeeded: generator.next())
      start.storeBytes(of: byte == 128 ? 0 : byte, toByteOffset: offset, as: UInt8.self)
    }
    var filled = period
    while filled < bytes {
      let piece = min(filled, bytes - filled)
      (start + filled).copyMemory(from: start, byteCount: piece)
      filled += piece
    }
    for block in 0..<size.n * blocks {
      let bits = UInt16(0x2400 + block % 1021) | UInt16(block % 3 == 0 ? 0x8000 : 0)
      start.storeBytes(of: bits, toByteOffset: block * bytesOfBlock, as: UInt16.self)
    }
  }

  /// Σ scale·weight·x over the vector as it is rounded.
  func define(
    _ memory: TimedMemory, weight: (_ start: UnsafeRawPointer, _ place: Int) -> Double
  ) -> [Double] {
    let rounded = Self.rounded(memory[0], count: size.k)
    return (0..<size.n).map { row in
      (0..<blocks).reduce(0) { sum, block in
        let start = UnsafeRawPointer(memory[2]) + (row * blocks + block) * bytesOfBlock
        let part = (0..<LaneQuantised.block).reduce(0) {
          $0 + weight(start, $1) * rounded[block * LaneQuantised.block + $1]
        }
        return sum + Double(BlockDot.half(start)) * part
      }
    }
  }

  /// Each block in steps of its largest element over 127.
  static func rounded(_ x: UnsafePointer<Float>, count: Int) -> [Double] {
    (0..<count).map { index in
      let first = index / LaneQuantised.block * LaneQuantised.block
      let scale =
        (first..<first + LaneQuantised.block).reduce(Float(0)) { max($0, abs(x[$1])) } / 127
      guard scale > 0 else { return 0 }
      return Double(scale) * Double((x[index] * (1 / scale)).rounded(.toNearestOrEven))
    }
  }
}
