import Eaves
import EavesKernels
import Foundation
import Quantities
import Testing

/// The four ties that every kernel family has in common.
@Suite struct KernelCaseTests {
  static let indices = Array(KernelList.cases.indices)

  /// A family that is added needs its line.
  @Test func everyFileOfCasesIsListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/EavesKernels/Cases")
    let listed = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix("Case.swift") && $0 != "KernelCase.swift" }
    let types = Set(KernelList.cases.map { "\(type(of: $0)).swift" })
    #expect(Set(listed).isSubset(of: types))
    #expect(KernelList.families.count == Set(KernelList.families).count)
    #expect(KernelList.families.count == 25)
  }

  @Test(arguments: indices)
  func aKernelAgreesWithItsDefinition(index: Int) throws {
    let kernel = KernelList.cases[index]
    let check = try KernelCheck(kernel)
    #expect(check.isWithinTolerance, "\(kernel.family) \(kernel.shape): \(check.error)")
    let exact = try KernelCheck.error(of: kernel, in: Double.self)
    #expect(exact <= kernel.exactTolerance, "\(kernel.family) \(kernel.shape): \(exact) in float64")
  }

  @Test(arguments: indices)
  func aKernelDoesWhatIsPredicted(index: Int) throws {
    let kernel = KernelList.cases[index]
    let counts = try #require(try KernelCheck(kernel).counts)
    #expect(counts.areEqual, "\(kernel.family) \(kernel.shape): \(counts)")
    let isPredicted =
      counts.predictedMatrix + counts.predictedSpecial + counts.predictedLanes > 0
    #expect(!isPredicted || counts.special > 0 || counts.matrix > 0 || counts.lanes > 0)
  }

  /// Bytes allocated are the compulsory bytes: each operand once.
  @Test(arguments: indices)
  func memoryIsThatOfTheOperands(index: Int) throws {
    for operation in try KernelList.cases[index].operations {
      let buffers = try Buffers<Float>(operation)
      let bytes = (0..<operation.operandCount).reduce(0.0) {
        $0 + operation.operands[$1].distinctElements * operation.operands[$1].bytesPerElement
      }
      #expect(buffers.bytes.value == bytes)
    }
  }

  /// Nothing is read or written but the operands, and all of them.
  @Test(arguments: indices)
  func aKernelTouchesEveryElement(index: Int) throws {
    let kernel = KernelList.cases[index]
    let memory = Memory<Double>(try kernel.operations)
    _ = try kernel.execute(in: memory)
    #expect(memory.allocated.count == memory.operations.count)
    for buffers in memory.allocated {
      for (place, buffer) in buffers.all.enumerated() {
        let untouched = buffer.values.count - buffer.touchedElements
        #expect(
          untouched == kernel.untouched(buffers.operation, place),
          "\(kernel.family) \(kernel.shape): \(buffers.operation.id.name) \(buffer.role)")
      }
    }
  }
}
