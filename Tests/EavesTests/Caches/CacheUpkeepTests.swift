import Quantities
import Testing

@testable import Eaves

/// What policies cost beside reading and writing entries.
@Suite struct CacheUpkeepTests {
  /// Llama-3.1-8B: L = 32, H = 32, G = 8, d_q = d_v = 128.
  private static let layers = 32.0
  private static let heads = 32.0
  /// 2·H·d_q·w·n over all layers, of a window of 64 and a prompt of 8192.
  private static let choosing: Double = 32 * 2 * 32 * 128 * 64 * 8192

  private static func upkeep(
    _ cache: String, _ step: Step, _ schedule: Schedule = .flash2, model: String = "llama-3.1-8b"
  ) throws -> [Operation] {
    try Shipped.sixteenBit(model, cache: .parsed(cache), schedule: schedule).operations(step)
      .filter { $0.id == .cacheUpkeep }
  }

  private static func matrix(_ operations: [Operation]) -> Double {
    operations.sum([.cacheUpkeep]) { $0.work.matrix.value }
  }

  private static func vector(_ operations: [Operation]) -> Double {
    operations.sum([.cacheUpkeep]) { $0.work.vector.value }
  }

  /// 3·G·d_q·(s + w) with the key of the new token, which is rotated where it is made.
  @Test(arguments: [10, 1023, 1024, 50_000])
  func cachedKeysAreRotated(context: Int) throws {
    let operations = try Self.upkeep("sinks:4+1020", .decode(context: context, batch: 2))
    let own = 3.0 * 8 * 128
    let kept = Double(min(context + 1, 1024))
    let expected: Double = 2 * 32 * own * (kept - 1)
    #expect(Self.vector(operations) == expected)
    #expect(operations.bytes(Set(Operand.Role.allCases)) == 0)
    #expect(operations.allSatisfy { $0.work.launches == 0 })
  }

  @Test func keysWithoutRotationNeedNoUpkeep() throws {
    let step = Step.decode(context: 1000)
    #expect(try Self.upkeep("sinks:4+60", step, model: "opt-1.3b").isEmpty)
    let model = try Shipped.sixteenBit("opt-1.3b", cache: .parsed("sinks:4+60"))
    #expect(model.cacheNotes.isEmpty)
  }

  /// Where scores are written, rotated keys are too.
  @Test func rotatedKeysAreWrittenWhereScoresAre() throws {
    let operations = try Self.upkeep("sinks:4+60", .decode(context: 1000), .materialised)
    let keys: Double = 32 * 63 * 8 * 128 * 2
    #expect(operations.bytes([.cacheRead]) == keys)
    #expect(operations.bytes([.activationWrite]) == keys)
  }

  /// +H·k additions a step; 2·H·d_q·k FLOPs and the keys again where weights are not handed out.
  @Test(arguments: [("h2o:512+512", true), ("scissorhands:1024", true), ("tova:1024", false)])
  func scoringTakesAPassOverTheKeys(cache: String, keepsSums: Bool) throws {
    let step = Step.decode(context: 9000, batch: 2)
    let fused = try Self.upkeep(cache, step)
    let pairs = Self.layers * 2 * Self.heads * 1024
    #expect(Self.matrix(fused) == 2 * 128 * pairs)
    #expect(Self.vector(fused) == pairs)
    #expect(fused.sum([.cacheUpkeep]) { $0.work.special.value } == pairs)
    let keys: Double = Self.layers * 2 * 1023 * 8 * 128 * 2
    #expect(fused.bytes([.cacheRead]) == keys)
    #expect(fused.bytes([.state]) == (keepsSums ? 4 * pairs : 0))

    let written = try Self.upkeep(cache, step, .materialised)
    #expect(Self.matrix(written) == 0)
    #expect(Self.vector(written) == pairs)
    #expect(written.bytes([.cacheRead]) == 0)
    #expect(written.bytes([.state]) == (keepsSums ? 4 * pairs : 0))
  }

  /// All queries of a prompt count for the sums of H2O, only the last for TOVA.
  @Test func aPromptIsScored() throws {
    let tokens = 3000.0
    let row: Double = 32 * 2 * 32 * 128
    let sums = try Self.upkeep("h2o:512+512", .prefill(3000))
    #expect(Self.matrix(sums) == row * tokens * (tokens + 1) / 2)
    #expect(sums[0].work.executedMatrix > sums[0].work.matrix)
    let last = try Self.upkeep("tova:1024", .prefill(3000))
    #expect(Self.matrix(last) == row * tokens)
  }

  /// 2·H·d_q·w·n FLOPs and pooling, once; then nothing.
  @Test func aPromptIsChosenFromOnce() throws {
    let once = try Self.upkeep("snapkv:1024+64", .prefill(8192))
    #expect(Self.matrix(once) == Self.choosing)
    let votes: Double = 32 * 32 * 8192 * (64 + 5)
    #expect(Self.vector(once) == votes)
    // What was chosen is moved together: read and written.
    let kept = 1088.0 * 131_072
    #expect(once.bytes([.cacheRead]) == kept)
    #expect(once.bytes([.cacheWrite]) == kept)
    #expect(try Self.upkeep("snapkv:1024+64", .decode(context: 8192)).isEmpty)
    #expect(try Self.upkeep("snapkv:1024+64", .prefill(1088)).isEmpty)
    let written = try Self.upkeep("snapkv:1024+64", .prefill(8192), .materialised)
    #expect(Self.matrix(written) == 0)
  }

  /// The step that reads the last token of the prompt chooses, whatever the chunks.
  @Test func theLastChunkOfAPromptChooses() throws {
    func chunk(_ cached: Int, _ new: Int) throws -> [Operation] {
      try Self.upkeep(
        "snapkv:1024+64:prompt=8192",
        Step(newTokens: new, cachedTokens: cached, logitTokens: 1, batch: 1))
    }
    #expect(try chunk(0, 4096).isEmpty)
    #expect(try Self.matrix(chunk(4096, 4096)) == Self.choosing)
    #expect(try Self.matrix(chunk(8000, 500)) == Self.choosing)
    #expect(try chunk(8192, 1).isEmpty)
  }

  /// Every layer of PyramidKV scores the same; a layer moves what it has chosen.
  @Test func aPyramidMovesWhatItsLayersChoose() throws {
    let once = try Self.upkeep("pyramidkv:1024", .prefill(8192))
    #expect(Self.matrix(once) == Self.choosing)
    #expect(once.bytes([.cacheWrite]) == 1024 * 131_072)
  }

  /// Entries that leave the residual are packed: three lane operations an element, once each.
  @Test func whatLeavesTheResidualIsPacked() throws {
    let entry: Double = 3 * 32 * 2 * 8 * 128
    var recent: [Int] = []
    var packed = 0
    for tokens in 0..<200 {
      recent.append(tokens)
      let leaves = recent.count > 128
      if leaves {
        recent.removeFirst()
        packed += 1
      }
      let operations = try Self.upkeep("kivi:2", .decode(context: tokens))
      #expect(Self.vector(operations) == (leaves ? entry : 0))
    }
    let prompt = try Self.upkeep("kivi:2", .prefill(200))
    #expect(Self.vector(prompt) == entry * Double(packed))
    #expect(prompt.bytes([.cacheWrite]) == Double(packed) * 131_072 * 3 / 16)
    // A window shorter than the residual is never packed.
    #expect(try Self.upkeep("kivi:2", .decode(context: 5000), model: "gpt-oss-20b").count == 1)
  }

  /// Four bytes a page and layer.
  @Test func aPageTableIsRead() throws {
    let operations = try Self.upkeep("paged:16", .decode(context: 1000, batch: 3))
    #expect(operations.bytes([.cacheRead]) == 32 * 3 * 4 * 63)
  }

  /// An entry that leaves the window crosses the link once.
  @Test func whatLeavesTheChipCrossesTheLink() throws {
    func bytes(_ step: Step) throws -> Double {
      try Self.upkeep("offload:100", step).sum([.cacheUpkeep]) { $0.linkBytes.value }
    }
    #expect(try bytes(.decode(context: 99)) == 0)
    #expect(try bytes(.decode(context: 100)) == 131_072)
    #expect(try bytes(.prefill(250, batch: 2)) == 2 * 150 * 131_072)
  }

  /// Only policies that say so have upkeep; the others are left out of the hot path.
  @Test(arguments: CachePolicyList.examples)
  func upkeepIsAnnounced(cache: String) throws {
    let steps = [Step.prefill(1), .prefill(5000), .decode(context: 200), .decode(context: 5000)]
    let emits = try steps.contains { try !Self.upkeep(cache, $0).isEmpty }
    #expect(emits == (try CacheChoice.parsed(cache)).causal().hasUpkeep)
  }

  /// Short steps do not show what upkeep costs at long contexts: a step costs what its operations cost.
  @Test(arguments: CachePolicyList.examples + ["tova:1", "paged:1000", "sinks:1+1"])
  func aStepCostsWhatItsOperationsCost(cache: String) throws {
    for model in ["llama-3.2-1b", "gemma-3-1b"] {
      let plan = try Shipped.plan(
        model, on: "nvidia-a100-sxm-80", under: "llama.cpp", [.cache: cache])
      var evaluator = try Evaluator(plan.machine, plan.model)
      for step in [
        Step.decode(context: 0), .decode(context: 130, batch: 2), .decode(context: 9000),
        .prefill(300), .prefill(5000, batch: 2),
      ] {
        let (fast, emitted) = (evaluator.evaluate(step), evaluator.evaluateEmitted(step))
        #expect(abs(fast.expected.value / emitted.expected.value - 1) < 1e-9)
        #expect(abs(fast.vector.value / emitted.vector.value - 1) < 1e-9)
        #expect(abs(fast.cacheReadBytes.value - emitted.cacheReadBytes.value) < 1)
        #expect(emitted.lower <= emitted.expected && emitted.expected <= emitted.upper)
      }
    }
  }

  @Test(arguments: Schedule.allCases)
  func aNoteSaysWhatAPolicyNeeds(schedule: Schedule) throws {
    func notes(_ cache: String, _ model: String = "llama-3.1-8b") throws -> [String] {
      try Shipped.sixteenBit(model, cache: .parsed(cache), schedule: schedule).cacheNotes
    }
    let pass =
      schedule == .materialised
      ? []
      : [
        "h2o needs attention weights, which \(schedule.rawValue) does not hand out: "
          + "an extra pass over the keys"
      ]
    #expect(try notes("h2o:512+512") == pass)
    #expect(try notes("full").isEmpty)
    #expect(try notes("kivi:4").isEmpty)
    #expect(try notes("kivi:2").count == 1)
    #expect(try notes("kivi:2", "llama-2-7b").isEmpty)
    #expect(try notes("snapkv:8+8:prompt=100").isEmpty == (schedule == .materialised))
    #expect(try notes("snapkv:8+8").joined().hasPrefix("snapkv takes all cached tokens"))
    #expect(try notes("full", "bert-base").isEmpty)
  }
}
