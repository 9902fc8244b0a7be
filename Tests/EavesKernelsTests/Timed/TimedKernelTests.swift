import Eaves
import Foundation
import Quantities
import Testing

@testable import EavesKernels

/// The kernels that are timed compute what is predicted.
@Suite struct TimedKernelTests {
  /// A family that is added needs its line.
  @Test func everyFileOfSettingsIsListed() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "Sources/EavesKernels")
    var files: Set<String> = []
    for folder in ["BLASKernels", "LaneKernels"] {
      files.formUnion(
        try FileManager.default.contentsOfDirectory(
          atPath: sources.appending(path: folder).path()
        )
        .filter { $0.hasSuffix("Timed.swift") })
    }
    #expect(files == Set(TimedKernelList.settings.map { "\($0).swift" }))
    #expect(Set(TimedKernelList.families).count == TimedKernelList.families.count)
  }

  @Test(arguments: try TimedKernelList.small().indices)
  func aKernelAgreesWithItsDefinition(index: Int) throws {
    BLASThreads.set(1)
    let shape = try TimedKernelList.small()[index]
    let kernel = shape.make()
    kernel.run()
    let first = kernel.output
    let error = KernelCheck.relativeError(of: first.map(Double.init), against: kernel.definition())
    #expect(error <= 1e-5, "\(shape.family) \(shape.shape): \(error)")
    kernel.run()
    #expect(kernel.output == first, "\(shape.family) \(shape.shape) again")
  }

  /// What is there before a step and is read by it has its place in the memory of the kernel.
  @Test func everyShapeOfTheGridIsEmittedAndFitsMemory() throws {
    let shapes = try TimedKernelList.shapes()
    for shape in shapes {
      let kept = shape.operations.reduce(0) {
        $0 + $1.bytes[.weights].value + $1.bytes[.cacheRead].value
      }
      #expect(kept <= Double(shape.workingSetBytes) || shape.family == "lstm", "\(shape.shape)")
      #expect(shape.workingSetBytes <= 600 << 20, "\(shape.family) \(shape.shape)")
      #expect(
        shape.operations.contains { $0.work.executedMatrix.value + $0.work.special.value > 0 })
    }
    let names = shapes.map { "\($0.family) \($0.shape)" }
    #expect(Set(names).count == names.count)
    #expect((200...260).contains(shapes.count), "\(shapes.count)")
    #expect(shapes.contains { $0.isHeldOut } && shapes.contains { !$0.isHeldOut })
  }
}
