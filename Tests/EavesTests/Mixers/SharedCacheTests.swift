import Eaves
import Quantities
import Testing

/// Layers that read the cache of another: YOCO and Gemma 3n.
@Suite struct SharedCacheTests {
  private static let models = ["yoco-3b", "gemma-3n-e4b-text", "gemma-3n-e2b-text"]

  // MARK: YOCO

  /// 106,496 bytes a token with every layer's own cache, 4096 with one; 111.7 and 4.3 GB at 1M
  /// (docs/method.md 1).
  @Test func oneCacheInsteadOfTwentySix() throws {
    var model = try Shipped.model("yoco-3b")
    let shared = try Shipped.sixteenBit(model)
    #expect(shared.growingCacheBytesPerToken.value == 4096)
    for name in model.blocks.keys {
      model.blocks[name]?.mixers = []
      model.blocks[name]?.attention?.sharesCache = false
      model.blocks[name]?.attention?.window = nil
    }
    let own = try Shipped.sixteenBit(model)
    #expect(own.kvCacheBytes(tokens: 1, batch: 1).value == 106_496)
    let million = 1 << 20
    #expect((own.kvCacheBytes(tokens: million, batch: 1).value / 1e8).rounded() == 1117)
    #expect((shared.growingCacheBytesPerToken.value * Double(million) / 1e8).rounded() == 43)
  }

  @Test func parametersWithoutEmbeddingsAreThePublishedOnes() throws {
    let inventory = try Shipped.sixteenBit("yoco-3b").inventory
    #expect(abs(inventory.activeWithoutEmbeddings / 2.8e9 - 1) < 0.01)
  }

  /// A prefill runs the upper half for its last row only, and makes the one cache for every row.
  @Test(arguments: [1, 512, 4096])
  func prefillSkipsTheUpperHalf(tokens: Int) throws {
    let model = try Shipped.sixteenBit("yoco-3b")
    let operations = model.operations(.prefill(tokens))
    let rows = Double(13 * tokens + 13)
    let feedForward = operations.sum([.gateUp, .down]) { $0.work.matrix.value }
    #expect(feedForward == rows * 2 * 3 * 3072 * 9216)
    let projected = operations.sum([.sourceKeyValue]) { $0.work.matrix.value }
    #expect(projected == Double(tokens) * 2 * 3072 * 2048)
    #expect(operations.bytes([.cacheWrite]) == Double(14 * 4096 * tokens))
    // The last row reads what the step has made for the rows before it, in each of 13 layers.
    #expect(operations.bytes([.cacheRead]) == Double(13 * 4096 * (tokens - 1)))
  }

  /// In a decode step nothing is skipped.
  @Test func decodeRunsEveryLayer() throws {
    var model = try Shipped.model("yoco-3b")
    let skipping = try Shipped.sixteenBit(model).operations(.decode(context: 5000, batch: 3))
    for name in model.blocks.keys { model.blocks[name]?.isSkippedInPrefill = false }
    let whole = try Shipped.sixteenBit(model).operations(.decode(context: 5000, batch: 3))
    for role in Operand.Role.allCases { #expect(skipping.bytes([role]) == whole.bytes([role])) }
    let ids = Set(Operation.ID.allCases)
    #expect(skipping.sum(ids) { $0.work.matrix.value } == whole.sum(ids) { $0.work.matrix.value })
    let read = 13 * (1023 + 5000) * 4096 * 3
    #expect(whole.bytes([.cacheRead]) == Double(read))
  }

  // MARK: Gemma 3n

  /// Every layer reads, 20 of them keep: 4 with all tokens, 16 with a window of 512.
  @Test(arguments: [("gemma-3n-e4b-text", 7, 28), ("gemma-3n-e2b-text", 6, 24)])
  func lastLayersReadTheCacheOfEarlierOnes(name: String, global: Int, local: Int) throws {
    let model = try Shipped.sixteenBit(name)
    let entry = 2 * 2 * 256 * 2
    let context = 10_000
    let kept = (4 * context + 16 * 512) * entry
    #expect(model.kvCacheBytes(tokens: context, batch: 1).value == Double(kept))
    let decode = model.operations(.decode(context: context))
    let read = (global * context + local * 511) * entry
    #expect(decode.bytes([.cacheRead]) == Double(read))
    #expect(decode.bytes([.cacheWrite]) == Double(20 * entry))
  }

  /// A token reads one row of the table of 2.35 billion parameters.
  @Test func perLayerEmbeddingsAreRows() throws {
    let model = try Shipped.sixteenBit("gemma-3n-e4b-text")
    let gathers = model.operations(.prefill(100)).filter { $0.id == .perLayerInput && $0.isGather }
    #expect(gathers.bytes([.weights]) == 100 * 35 * 256 * 2)
    let table = gathers.flatMap(\.usedOperands).filter { $0.role == .weights }
    #expect(table.reduce(0) { $0 + $1.residentElements } == 262_144 * 35 * 256)
  }

  /// What each of the small parts adds, by its definition.
  @Test(arguments: [
    ("laurel", 2 * 2048 * 64 + 2048), ("altup", 2048 * 4 + 64 + 16 + 2 * 2048),
    ("per_layer_input", 2 * 2048 * 256 + 2048),
  ])
  func partsHaveTheirParameters(kind: String, parameters: Int) throws {
    var model = try Shipped.model("gemma-3n-e2b-text")
    let whole = try Shipped.sixteenBit(model).inventory.parameters
    for (name, block) in model.blocks {
      model.blocks[name]?.mixers = block.mixers.filter {
        type(of: $0.shape).technique.name != kind
      }
    }
    let rest = try Shipped.sixteenBit(model).inventory.parameters
    #expect(whole - rest == Double(30 * parameters))
  }

  // MARK: All

  @Test(arguments: models)
  func everyOperationIsFiniteAndBoundsAreInOrder(name: String) throws {
    var plan = try Shipped.plan(name, on: "nvidia-a100-sxm-80", under: "tensorrt-llm")
    for step in [Step.prefill(1), .prefill(3000), .decode(context: 9000, batch: 2)] {
      for operation in plan.model.operations(step) {
        let work = operation.work
        #expect(work.matrix.value.isFinite && work.vector.value.isFinite)
        #expect(work.executedMatrix >= work.matrix && work.vector >= .zero)
      }
      let cost = plan.evaluate(step)
      #expect(cost.lower > .zero && cost.lower <= cost.expected && cost.expected <= cost.upper)
    }
    #expect(plan.model.attentionLabel == (name == "yoco-3b" ? "gqa:8" : "gqa:2"))
  }
}
