import EavesBlocks
import Testing

@testable import EavesKernels

/// Softmax by rows and by tiles, for every rest that a row can leave.
@Suite struct LaneSoftmaxTests {
  private func row(_ count: Int) -> AlignedBuffer {
    var generator = SplitMix64(seed: UInt64(count))
    let buffer = AlignedBuffer(bytes: 4 * count)
    for index in 0..<count { buffer.floats[index] = 8 * generator.uniform() }
    return buffer
  }

  @Test(arguments: Array(1...70) + [4096])
  func aRowSumsToOne(count: Int) {
    let (input, output) = (row(count), AlignedBuffer(bytes: 4 * count))
    LaneSoftmax.row(input.floats, into: output.floats, count: count, scale: 0.5)
    let exact = Definition.softmax((0..<count).map { 0.5 * Double(input.floats[$0]) })
    for index in 0..<count {
      #expect(abs(Double(output.floats[index]) / exact[index] - 1) < 2e-6)
    }
  }

  /// Tiles leave the same weights once each is scaled to the last largest score.
  @Test(arguments: [1, 3, 16, 37])
  func tilesAgreeWithTheRow(tile: Int) {
    let count = 101
    let buffer = row(count)
    let exact = Definition.softmax(buffer.floats, count)
    var (largest, sum) = (-Float.infinity, Float(0))
    var weights = Array(repeating: Float(0), count: count)
    for first in stride(from: 0, to: count, by: tile) {
      let end = min(first + tile, count)
      let factor = LaneSoftmax.tile(
        buffer.floats + first, count: end - first, scale: 1, largest: &largest, sum: &sum)
      for index in 0..<first { weights[index] *= factor }
      for index in first..<end { weights[index] = buffer.floats[index] }
    }
    for index in 0..<count {
      #expect(abs(Double(weights[index] / sum) / exact[index] - 1) < 2e-6)
    }
  }

  @Test func anEmptyTileChangesNothing() {
    let buffer = row(4)
    var (largest, sum) = (Float(2), Float(3))
    let factor = LaneSoftmax.tile(
      buffer.floats, count: 0, scale: 1, largest: &largest, sum: &sum)
    #expect(factor == 1 && largest == 2 && sum == 3)
  }
}
