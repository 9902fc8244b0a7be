import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct RingAttentionTests {
  /// (N − 1)·c·G·(d_q + d_v) elements a device, and (m, l, o) of each head for one token (docs/method.md 3).
  @Test(arguments: RingAttentionCase.all.indices)
  func bytesSentAreThoseOfTheRing(index: Int) throws {
    let kernel = try #require(RingAttentionCase.all[index] as? RingAttentionCase)
    let sent = try kernel.run(try Buffers<Double>(try kernel.operations[0], seed: 1))
    let setting = kernel.setting
    let width = 2 * setting.headSize
    if setting.new > 1 {
      let block = setting.new / kernel.devices
      #expect(sent == (kernel.devices - 1) * block * setting.kvHeads * width)
      let arithmetic = RingAttentionArithmetic(
        heads: Double(setting.heads), kvHeads: Double(setting.kvHeads), elementBytes: 4)
      let seconds = arithmetic.sendTime(
        block: Double(block), headSize: Double(setting.headSize), link: 1)
      #expect(Double(sent * 4) == Double(kernel.devices - 1) * seconds)
    } else {
      #expect(sent == setting.batch * setting.heads * (setting.headSize + 2))
    }
  }
}
