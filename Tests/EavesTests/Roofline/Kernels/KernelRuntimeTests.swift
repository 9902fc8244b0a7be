import Quantities
import Testing

@testable import Eaves

/// The runtime that goes by the pieces of a calibrated machine.
@Suite struct KernelRuntimeTests {
  static func machine(_ kernels: KernelTimes?) throws -> Machine {
    var chip = try Shipped.chip("amd-epyc-7763")
    chip.kernels = kernels
    return try Machine(chip, Shipped.runtime("eaves-kernels"))
  }

  static func compiled(_ format: String) throws -> CompiledModel {
    var settings = Settings()
    for option in [Option.weights, .kv, .activations] { try settings.set(option, to: format) }
    return CompiledModel(try Shipped.model("llama-3.2-1b"), settings)
  }

  @Test func aChipThatWasNotCalibratedIsRefusedWithTheRemedy() throws {
    #expect {
      try Self.machine(nil)
    } throws: { error in
      let text = "\(error)"
      return text.contains("amd-epyc-7763 lacks kernels") && text.contains("eaves calibrate host")
    }
  }

  @Test(arguments: [Step.decode(context: 900), .prefill(300)])
  func operationsTakeWhatTheirPiecesAddUpTo(step: Step) throws {
    let machine = try Self.machine(KernelModelTests.times)
    let model = try #require(machine.kernelModel)
    var evaluator = try Evaluator(machine, Self.compiled("f32"))
    let cost = evaluator.evaluate(step)
    #expect(cost.lower <= cost.expected && cost.expected <= cost.upper)
    var replaced = 0
    var sum = Seconds.zero
    for (operation, own) in evaluator.breakdown(step) {
      sum += operation.repeats * own.expected
      guard case .matmul = operation.kind else { continue }
      let bytes = operation.operands[1].bytes
      let time = try #require(
        model.time(operation, KernelChoice(), far: bytes, near: bytes), "\(operation.id.name)")
      // The working set is the whole step's, so no product is faster than alone.
      #expect(own.longest >= time.inCore)
      replaced += 1
    }
    #expect(replaced >= 4)
    #expect(abs(sum.value / cost.expected.value - 1) < 1e-9)
  }

  /// There are no kernels for 16-bit floats: the roofline of the chip stands for them.
  @Test func otherFormatsKeepTheirRoofline() throws {
    var chip = try Shipped.chip("amd-epyc-7763")
    chip.kernels = KernelModelTests.times
    let step = Step.decode(context: 900)
    let runtimes = ["eaves-kernels", "ideal"]
    let costs = try runtimes.map { name in
      var evaluator = try Evaluator(
        Machine(chip, Shipped.runtime(name)), Self.compiled("bf16"))
      return evaluator.evaluate(step).expected.value
    }
    #expect(costs[0] >= costs[1] * 0.999)
  }
}
