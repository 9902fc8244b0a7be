import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct KVQuantisationTests {
  /// Bits stored, scales included, are those of the operand.
  @Test(arguments: KVQuantisationCase.all.indices)
  func packedBytesAreThoseOfTheOperand(index: Int) throws {
    let kernel = try #require(KVQuantisationCase.all[index] as? KVQuantisationCase)
    let buffers = try Buffers<Double>(try kernel.operations[0], seed: 1)
    let bytes = try kernel.pack(buffers)
    #expect(bytes == buffers.with(.cacheRead)[0].bytes.value)
  }

  /// What rounding costs, by format: fewer bits, more error; apart from that of the kernel.
  @Test func fewerBitsCostMore() throws {
    var errors: [Double] = []
    for word in ["q8_0", "kivi:4", "kivi:2"] {
      let kernel = try #require(
        KVQuantisationCase.all.first { $0.shape.hasPrefix(word) } as? KVQuantisationCase)
      let operation = try kernel.operations[0]
      let exact = try kernel.setting.define(try Buffers<Double>(operation, seed: 1))
      let rounded = try kernel.define(from: Memory<Double>([operation]))
      errors.append(KernelCheck.relativeError(of: rounded, against: exact))
    }
    #expect(errors == errors.sorted())
    #expect(errors[0] > 1e-4 && errors[0] < 0.02, "\(errors)")
    #expect(errors[2] > 0.05, "\(errors)")
  }
}
