import EavesBlocks
import Testing

@testable import EavesKernels

/// A vector rounded to 8 bits.
@Suite struct LaneQuantisedTests {
  /// Each element lies within half a step, and where the products look for it.
  @Test func elementsAreRoundedAndPlaced() {
    let blocks = 3
    let x = AlignedBuffer(bytes: 4 * 32 * blocks)
    var generator = SplitMix64(seed: 5)
    for index in 0..<32 * blocks { x.floats[index] = generator.uniform() * Float(1 + index / 32) }
    // A block of zeros has no scale.
    for index in 64..<96 { x.floats[index] = 0 }
    let result = AlignedBuffer(bytes: 4 * LaneQuantised.floatsOfBlock * blocks)
    LaneQuantised.round(x.floats, into: result.floats, blocks: blocks)
    let rounded = BlockGemvSize.rounded(x.floats, count: 32 * blocks)
    for block in 0..<blocks {
      let start = result.start + block * LaneQuantised.stride
      let scale = (start + LaneQuantised.scaleOffset).load(as: Float.self)
      var sum: Int32 = 0
      for place in 0..<32 {
        let (half, inner) = (place / 16, place % 16)
        let offset = inner % 2 * 32 + half * 16 + inner / 2 * 2
        let number = (start + offset).load(as: Int16.self)
        sum += Int32(number)
        let value = Double(scale) * Double(number)
        let index = block * 32 + place
        #expect(abs(value - Double(x.floats[index])) <= 0.501 * Double(scale))
        #expect(value == rounded[index])
      }
      let sums = (start + LaneQuantised.sumOffset).load(as: SIMD4<Int32>.self)
      #expect(sums == SIMD4(-8 * sum, 0, 0, 0))
    }
  }
}
