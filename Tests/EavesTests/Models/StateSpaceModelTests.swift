import Eaves
import Quantities
import Testing

/// Models with recurrent layers, alone or beside attention.
@Suite struct StateSpaceModelTests {
  static let recurrent = Shipped.models.filter { name in
    (try? Shipped.model(name))?.blocks.values.contains { !$0.mixers.isEmpty } ?? false
  }

  /// Jamba-1.5, Table 1: 4 and 9 GiB at 256K.
  @Test(arguments: [("jamba-v0.1", 4.0), ("jamba-1.5-mini", 4), ("jamba-1.5-large", 9)])
  func gibibytesAt256K(model: String, gibibytes: Double) throws {
    let compiled = try Shipped.sixteenBit(model)
    #expect(compiled.kvCacheBytes(tokens: 262_144, batch: 1).value == gibibytes * 0x1p30)
  }

  @Test(arguments: recurrent, [Step.decode(context: 1000, batch: 2), .prefill(600)])
  func everyOperationHasFiniteWork(name: String, step: Step) throws {
    for operation in try Shipped.sixteenBit(name).operations(step) {
      for count in [
        operation.work.matrix, operation.work.executedMatrix, operation.work.vector,
        operation.work.special,
      ] { #expect(count.value.isFinite && count >= .zero, "\(operation.id)") }
      #expect(operation.work.executedMatrix >= operation.work.matrix, "\(operation.id)")
      #expect(operation.operandCount > 0 && operation.repeats >= 1, "\(operation.id)")
    }
  }

  @Test(arguments: recurrent, ["decode", "prefill"])
  func latenciesAreInOrder(name: String, phase: String) throws {
    for chip in ["nvidia-a100-sxm-80", "rpi-5"] {
      var plan = try Shipped.plan(
        name, on: chip, under: "ideal", [.phase: phase, .context: "1k", .weights: "int4"])
      let settings = plan.settings.step
      let cost = plan.evaluate(plan.step(settings))
      #expect(cost.lower > .zero && cost.lower <= cost.expected && cost.expected <= cost.upper)
    }
  }

  /// Each call of Zamba2's shared block reads its set of weights again, but two sets are kept.
  @Test func sharedWeightsAreKeptOnce() throws {
    let compiled = try Shipped.sixteenBit("zamba2-2.7b")
    let operations = compiled.operations(.decode(context: 10))
    let shared = operations.filter { $0.weightShare < 1 }
    let set = Double(
      3 * 5120 * 5120 + 5120 * 2560 + 2560 * 20_480 + 10_240 * 2560 + 5120 + 2560)
    #expect(shared.bytes([.weights]) == 9 * 2 * set)
    let rereads = shared.reduce(0) { $0 + $1.repeats * $1.rereadBytes.value }
    #expect(abs(rereads - 7 * 2 * set) < 1)
    // 9 calls, 54 mixers, and adapters of their own in each call.
    #expect(
      operations.sum([.attention]) { _ in 1 } == 9 && operations.sum([.scan]) { _ in 1 } == 54)
    #expect(
      operations.filter { $0.id == .adapter }.bytes([.weights])
        == Double(9 * 2 * (2560 * 128 + 128 * 20_480 + 2560 * 2560)))
  }

  /// Falcon-H1: both mixers in each layer; Jamba and Bamba: one or the other.
  @Test(arguments: [
    ("falcon-h1-0.5b", 36.0, 36.0), ("jamba-v0.1", 4, 28), ("jamba-1.5-large", 9, 63),
    ("bamba-9b", 3, 29), ("zamba2-2.7b", 9, 54), ("mamba-2.8b", 0, 64),
  ])
  func layersOfEachKind(name: String, attending: Double, recurrent: Double) throws {
    let operations = try Shipped.sixteenBit(name).operations(.decode(context: 10))
    #expect(operations.sum([.attention]) { _ in 1 } == attending)
    #expect(operations.sum([.scan]) { _ in 1 } == recurrent)
  }

  @Test func labelsNameWhatThereIs() throws {
    let mamba = try Shipped.sixteenBit("mamba-2.8b")
    #expect(mamba.attentionLabel == "mamba" && !mamba.keepsTokens)
    #expect(mamba.patternLabel == "none" && mamba.cacheLabel == "none")
    let zamba = try Shipped.sixteenBit("zamba2-2.7b")
    #expect(zamba.attentionLabel == "mamba2+mha" && zamba.keepsTokens)
    #expect(zamba.patternLabel == "causal" && zamba.cacheLabel == "full")
  }
}
