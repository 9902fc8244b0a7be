import Eaves
import EavesCatalog
import Quantities
import Testing

/// ALBERT's shared layer and factorised table, MobileBERT's bottlenecks and trigrams.
@Suite struct SmallEncoderTests {
  private static let layer: Set<Operation.ID> = [
    .qkv, .attention, .attentionOutput, .gateUp, .down,
  ]

  /// Sharing changes no FLOPs: those of BERT-base, whose layers have the same shapes.
  @Test(arguments: [Step.encode(1), .encode(128), .encode(512, batch: 3)])
  func sharedLayersComputeWhatOthersDo(step: Step) throws {
    let shared = try Shipped.sixteenBit("albert-base-v2").operations(step)
    let own = try Shipped.sixteenBit("bert-base").operations(step)
    let flops = { (operations: [Operation]) in
      operations.sum(Self.layer) { $0.work.matrix.value }
    }
    #expect(flops(shared) == flops(own) && flops(shared) > 0)
  }

  /// One set of 7.1 M weights is kept and counted, and twelve are read.
  @Test func aSharedLayerIsKeptOnceAndReadForEveryLayer() throws {
    let model = try Shipped.sixteenBit("albert-base-v2")
    let operations = model.operations(.encode(8)).filter { $0.weightShare < 1 }
    let read = operations.reduce(0) { $0 + $1.bytes([.weights]) }
    // Four matrices of d² and two of d·4d, their biases and two norms.
    let (d, f) = (768, 3072)
    let layer = 4 * (d * d + d) + 2 * d * f + f + d + 4 * d
    #expect(read == Double(2 * 12 * layer))
    let kept = operations.reduce(0) { sum, operation in
      sum + operation.repeats * operation.weightShare * operation.bytes[.weights].value
    }
    #expect(abs(kept - Double(2 * layer)) < 1e-6)
    #expect(model.inventory.parameters == 11_683_584)
  }

  /// Bytes read shrink only where the shared layer stays near: 14 MB in 16 bits.
  @Test(arguments: [(64e6, true), (4e6, false)])
  func sharedWeightsAreReadOnceWhereTheyStay(sram: Double, stays: Bool) throws {
    var evaluator = try TestChip.evaluator(
      try Shipped.model("albert-base-v2"), on: TestChip.make(cache: Bytes(sram)))
    let step = Step.encode(16)
    let main = evaluator.evaluate(step).mainBytes(evaluator.machine).value
    let weights = evaluator.model.operations(step).bytes([.weights])
    let layer = 2.0 * 7_087_872
    if stays {
      // Pooler, tables and norms once, and nothing of the eleven later layers.
      #expect(main < weights - 11 * layer + 1e6 && main < 2.5 * layer)
    } else {
      #expect(main > 12 * layer)
    }
  }

  /// [T, E] × [E, d] and a bias after the norm of the table's width.
  @Test func aFactorisedTableIsProjectedAfterItsNorm() throws {
    let operations = try Shipped.sixteenBit("albert-base-v2").operations(.encode(10, batch: 2))
    let ids = operations.map(\.id)
    #expect(Array(ids.prefix(3)) == [.embedding, .embeddingNorm, .embeddingProjection])
    #expect(operations[2].work.matrix.value == Double(2 * 20 * 128 * 768))
    #expect(operations[1].bytes([.weights]) == Double(2 * 2 * 128))
    #expect(operations[2].bytes([.weights]) == Double(2 * (128 * 768 + 768)))
  }

  /// Three neighbours of 128 are projected to 512; positions, segments and norm have that width.
  @Test func trigramsAreProjectedBeforePositions() throws {
    let operations = try Shipped.sixteenBit("mobilebert").operations(.encode(10))
    #expect(
      operations.prefix(4).map(\.id)
        == [.embedding, .embeddingProjection, .embedding, .embeddingNorm])
    #expect(operations[1].work.matrix.value == Double(2 * 10 * 3 * 128 * 512))
    // NoNorm: scale and shift, no root.
    #expect(operations[3].work.vector.value == Double(2 * 10 * 512))
    #expect(operations[3].work.special == .zero)
  }

  /// One layer of MobileBERT by hand: bottlenecks, attention of width 128, four feed-forwards.
  @Test func aBottleneckLayerIsCountedByHand() throws {
    let model = try Shipped.sixteenBit("mobilebert")
    let rows = 64
    let linear = model.operations(.encode(rows)).sum(
      [.mixerInput, .qkv, .attentionOutput, .gateUp, .down, .mixerOutput]
    ) { $0.work.matrix.value }
    let (d, w, f) = (512, 128, 512)
    let weights = 2 * d * w + 2 * w * w + d * w + w * w + 4 * 2 * w * f + w * d
    #expect(linear == Double(2 * rows * 24 * weights))
    let pairs = model.operations(.encode(rows)).sum([.attention]) { $0.work.matrix.value }
    #expect(pairs == Double(24 * 4 * w * rows * rows))
  }

  /// Global queries of one row, global keys and values of all rows: a global query reads every key.
  @Test(arguments: [1, 512, 4096])
  func globalTokensHaveProjectionsOfTheirOwn(tokens: Int) throws {
    let d = 768
    func projections(_ pattern: String?) throws -> Double {
      let chosen = try pattern.map { try #require(PatternList.parse($0)) }
      return try Shipped.sixteenBit("longformer-base-4096", pattern: chosen)
        .operations(.encode(tokens)).sum([.qkv]) { $0.work.matrix.value }
    }
    let own = 2 * 12 * tokens * d * 3 * d
    let global = 2 * 12 * d * (d + 2 * tokens * d)
    #expect(try projections(nil) == Double(own + global))
    // Without global tokens the weights are there and nothing is computed.
    #expect(try projections("bidirectional") == Double(own))
    let parameters = try Shipped.sixteenBit(
      "longformer-base-4096", pattern: PatternList.parse("bidirectional")
    ).inventory.parameters
    #expect(parameters == 148_659_456)
  }

  /// Up to 704 tokens BigBird reads everything; past that, the blocks of its pattern.
  @Test func bigBirdReadsBlocksOfLongTextsOnly() throws {
    let sparse = try Shipped.sixteenBit("bigbird-base")
    func pairs(_ model: CompiledModel, _ tokens: Int) -> Double {
      model.operations(.encode(tokens)).sum([.attention]) { $0.work.matrix.value }
        / Double(12 * 4 * 768)
    }
    #expect(pairs(sparse, 704) == 704 * 704)
    let long = pairs(sparse, 4096)
    #expect(
      long
        == sparse.model.blocks["sparse"].flatMap { block in
          block.attention?.pattern.flatMap(PatternList.parse)?.countedPairs(.encode(4096))
        })
    #expect(long < 0.2 * 4096 * 4096)
  }
}
