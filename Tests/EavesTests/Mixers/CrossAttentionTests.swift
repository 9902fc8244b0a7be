import Eaves
import Quantities
import Testing

/// Encoder-decoders: the source is read once, its keys and values in every step.
@Suite struct CrossAttentionTests {
  private static let whispers = Shipped.models.filter { $0.hasPrefix("whisper") }
  private static let t5s = Shipped.models.filter { $0.hasPrefix("t5") }

  private static func step(_ context: Int, source: Int, batch: Int = 1) -> Step {
    Step(
      newTokens: 1, cachedTokens: context, sourceTokens: source, logitTokens: 1, batch: batch)
  }

  @Test func bothFamiliesAreThere() {
    #expect(Self.whispers.count == 6 && Self.t5s.count == 5)
  }

  /// 2·L·H·d_h·k_b bytes for each token of the source; Whisper's source has 1500, whatever is asked for.
  @Test(arguments: whispers + t5s)
  func theSourceIsPartOfTheCache(name: String) throws {
    let model = try Shipped.sixteenBit(name)
    let perToken = model.growingCacheBytesPerToken.value
    // Self-attention and cross-attention of a decoder layer have the same heads.
    #expect(model.sourceCacheBytes(tokens: 1, batch: 1).value == perToken)
    var settings = StepSettings()
    settings.batch = 3
    settings.context = 100
    settings.prompt = 700
    let source = name.hasPrefix("whisper") ? 1500.0 : 700
    #expect(Double(settings.sourceTokens(of: model.model)) == source)
    #expect(model.cacheBytes(settings).value == 3 * (100 + source) * perToken)
    let footprint = model.footprint(settings, workspace: .zero)
    #expect(footprint.kvCache == model.cacheBytes(settings))
  }

  /// A decode step moves what the cache holds: of its own tokens and of the source.
  @Test(arguments: whispers + t5s)
  func aStepMovesTheCacheThatItKeeps(name: String) throws {
    let model = try Shipped.sixteenBit(name)
    let (context, source, batch) = (64, 1500, 3)
    let held =
      model.kvCacheBytes(tokens: context + 1, batch: batch)
      + model.sourceCacheBytes(tokens: source, batch: batch)
    let decode = model.operations(Self.step(context, source: source, batch: batch))
    #expect(decode.bytes([.cacheRead, .cacheWrite]) == held.value)
    #expect(decode.bytes([.cacheWrite]) == model.kvCacheBytes(tokens: 1, batch: batch).value)
    // The first step writes both and reads neither.
    let first = model.operations(Self.step(0, source: source, batch: batch))
    #expect(first.bytes([.cacheRead]) == 0)
    let written =
      model.kvCacheBytes(tokens: 1, batch: batch)
      + model.sourceCacheBytes(tokens: source, batch: batch)
    #expect(first.bytes([.cacheWrite]) == written.value)
  }

  /// Encoder, filters and the source's keys and values are of the first step alone.
  @Test(arguments: whispers + t5s)
  func theEncoderRunsOnce(name: String) throws {
    let model = try Shipped.sixteenBit(name)
    let decode = model.operations(Self.step(64, source: 1500))
    #expect(decode.sum([.inputConvolution, .sourceKeyValue]) { _ in 1 } == 0)
    let first = model.operations(Self.step(0, source: 1500))
    #expect(first.sum([.sourceKeyValue]) { _ in 1 } == Double(model.model.layers.count))
    // Self-attention and cross-attention of the decoder, and the encoder's own.
    let (decoder, encoder) = (model.model.layers.count, model.model.encoderLayers.count)
    #expect(decode.sum([.attention]) { _ in 1 } == Double(2 * decoder))
    #expect(first.sum([.attention]) { _ in 1 } == Double(2 * decoder + encoder))
  }

  /// Products of one layer's cross-attention: 2·(d_q + d_v)·H·S·source.
  @Test(arguments: [1, 4])
  func everyTokenReadsTheWholeSource(new: Int) throws {
    let model = try Shipped.sixteenBit("whisper-tiny")
    var step = Self.step(100, source: 1500)
    step.newTokens = new
    let work = model.operations(step).sum([.attention]) { $0.work.matrix.value }
    let pairs = Causal().pairs(step) + Double(1500 * new)
    let layersAndHeads: Double = 4 * 6
    #expect(work == layersAndHeads * 2 * 128 * pairs)
    for schedule in Schedule.allCases {
      let other = try Shipped.sixteenBit("whisper-tiny", schedule: schedule).operations(step)
      #expect(other.sum([.attention, .scores, .weightedSum]) { $0.work.matrix.value } == work)
      #expect(other.allSatisfy { $0.work.executedMatrix >= $0.work.matrix })
    }
  }

  /// Two convolutions over 3000 frames of 80 bins, the second with stride 2: 2·frames·3·channels·d FLOPs.
  @Test func soundEntersThroughTwoFilters() throws {
    let operations = try Shipped.sixteenBit("whisper-tiny").operations(Self.step(0, source: 1500))
    let filters = operations.filter { $0.id == .inputConvolution }
    let first: Double = 2 * 3000 * 3 * 80 * 384
    let second: Double = 2 * 1500 * 3 * 384 * 384
    #expect(filters.map { $0.work.matrix.value } == [first, second])
    #expect(operations.bytes([.stepInput]) == 3000 * 80 * 2)
  }

  /// The encoder of T5 reads the decoder's table, which is there once.
  @Test func oneTableServesBothStacks() throws {
    let model = try Shipped.sixteenBit("t5-small")
    #expect(model.inventory.inputEmbedding == 0 && model.inventory.head == 32_128 * 512)
    let rows = model.operations(Self.step(0, source: 700)).filter { $0.id == .embedding }
    #expect(rows.bytes([.weights]) == 701 * 512 * 2)
  }

  @Test func aNarrowCacheHoldsTheSourceToo() throws {
    var settings = Settings()
    try settings.set(.kv, to: "q8_0")
    let model = CompiledModel(try Shipped.model("whisper-small"), settings)
    #expect(model.sourceCacheBytes(tokens: 1500, batch: 1).value == 1500 * 36_864 * 8.5 / 16)
    let decode = model.operations(Self.step(0, source: 1500))
    #expect(decode.bytes([.cacheWrite]) == 1501 * 36_864 * 8.5 / 16)
  }

  /// A request is one pass over the source and then steps of one token.
  @Test func aRequestReadsTheSourceFirst() throws {
    var plan = try Shipped.plan(
      "t5-small", on: "nvidia-a100-sxm-80", under: "ideal", [.prompt: "400", .generate: "3"])
    let request = try #require(plan.row(plan.settings.step).request)
    let first = plan.evaluate(Self.step(0, source: 400)).expected
    let second = plan.evaluate(Self.step(1, source: 400)).expected
    let third = plan.evaluate(Self.step(2, source: 400)).expected
    #expect(request.ttft == first)
    #expect(abs(request.total / (first + second + third) - 1) < 1e-12)
  }

  @Test(arguments: whispers + t5s)
  func boundsAreInOrder(name: String) throws {
    var plan = try Shipped.plan(name, on: "nvidia-a100-sxm-80", under: "tensorrt-llm")
    for context in [0, 1, 400] {
      let cost = plan.evaluate(Self.step(context, source: 1500))
      #expect(cost.lower > .zero && cost.lower <= cost.expected && cost.expected <= cost.upper)
    }
  }

  /// A token of the source leaves 2·G·d_h elements a layer, for the KV heads that are asked for.
  @Test(arguments: [("gqa:8", 8), ("mqa", 1), ("mha", 64)])
  func headSharingIsThatOfTheSourceToo(text: String, groups: Int) throws {
    var choices = try Shipped.sixteenBit("t5-v1.1-xxl").choices
    let sharing: HeadSharing = try #require(HeadSharing.parse(text))
    choices.attention = sharing
    let model = CompiledModel(try Shipped.model("t5-v1.1-xxl"), choices)
    #expect(
      model.sourceCacheBytes(tokens: 3, batch: 1).value == Double(3 * 24 * 2 * groups * 64 * 2))
  }

  /// Heads cut over devices: a part has its share of KV heads, at least one; parts that do not come out equal
  /// are none.
  @Test(arguments: [(64, 64, 8, 8), (64, 8, 8, 1), (64, 1, 8, 1), (64, 64, 5, 0), (64, 6, 4, 0)])
  func headsAreCutOverDevices(heads: Int, groups: Int, devices: Int, part: Int) {
    let shape = CrossAttentionShape(Block.Attention(heads: heads, kvHeads: groups, headSize: 64))
    let attention = shape.divided(by: devices)?.attention
    #expect(attention?.kvHeads == (part == 0 ? nil : part))
    #expect(attention?.heads == (part == 0 ? nil : heads / devices))
  }
}
