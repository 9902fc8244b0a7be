import EavesBlocks

/// The rate at which quantised weights are expanded and multiplied by a vector, by family of format.
///
/// Rows of 4,096 weights that stay in the nearest cache or the next, on one thread, in portable SIMD. The
/// work is one weight, expanded, multiplied and added. Three families: blocks of 32 signed bytes and a scale;
/// blocks of 32 four-bit values, offset by 8, and a scale; superblocks of 256 four-bit values with scales and
/// minima of 6 bits and two factors.
enum Dequantisation {
  private static let weights = 4096

  static func probes() -> [Probe] {
    [
      probe(.blocks8, blockBytes: BlockDot.bytes8, weightsOfBlock: 32, BlockDot.dot8),
      probe(.blocks4, blockBytes: BlockDot.bytes4, weightsOfBlock: 32, BlockDot.dot4),
      probe(.blocksK, blockBytes: BlockDot.bytesK, weightsOfBlock: 256, BlockDot.dotK),
    ]
  }

  private static func probe(
    _ measurand: Measurand, blockBytes: Int, weightsOfBlock: Int,
    _ dot: @escaping (UnsafeRawPointer, UnsafePointer<Float>, _ blocks: Int) -> Float
  ) -> Probe {
    let blocks = weights / weightsOfBlock
    let row = AlignedBuffer(bytes: blocks * blockBytes)
    var generator = SplitMix64(seed: 4)
    for offset in 0..<blocks * blockBytes {
      (row.start + offset).storeBytes(
        of: UInt8(truncatingIfNeeded: generator.next()), as: UInt8.self)
    }
    let vector = AlignedBuffer(bytes: 4 * weights, filling: 0.25)
    let sink = AlignedBuffer(bytes: 64)
    return Probe(.init(measurand, size: weights), work: Double(weights)) { _, count in
      for _ in 0..<count { sink.floats[0] = dot(row.start, vector.floats, blocks) }
    }
  }
}
