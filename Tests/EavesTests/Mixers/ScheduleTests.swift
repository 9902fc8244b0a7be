import Eaves
import Quantities
import Testing

/// What the schedules of softmax attention move.
@Suite struct ScheduleTests {
  private static let parts: Set<Operation.ID> = [.scores, .softmax, .weightedSum, .attention]

  /// Elements that attention reads and writes, over one layer's heads.
  private static func elements(_ model: CompiledModel, _ step: Step) -> Double {
    model.operations(step).filter { parts.contains($0.id) }.reduce(0) { sum, operation in
      sum + operation.usedOperands.reduce(0) { $0 + $1.elements } * operation.repeats
    }
  }

  /// Standard attention (FlashAttention, Algorithm 0): read Q, K; write S; read S; write P; read P, V;
  /// write O: 4Nd + 4N² elements a head (docs/method.md 1).
  @Test(arguments: [("bert-base", 12, 64, 12.0), ("llama-2-7b", 32, 128, 32)])
  func theMaterialisedScheduleMovesFourPassesOverTheScores(
    model: String, heads: Int, width: Int, layers: Double
  ) throws {
    let compiled = try Shipped.sixteenBit(model, schedule: .materialised)
    for n in [16, 128, 1024] {
      let step: Step = compiled.model.kind == .encoder ? .encode(n) : .prefill(n)
      let head = 4 * n * width + 4 * n * n
      #expect(Self.elements(compiled, step) == layers * Double(heads * head))
    }
  }

  /// FlashAttention touches Q, K, V and O once: 4Nd elements a head, whatever the loop order.
  @Test(arguments: [Schedule.flash1, .flash2])
  func theFusedSchedulesWriteNoScores(schedule: Schedule) throws {
    let compiled = try Shipped.sixteenBit("llama-2-7b", schedule: schedule)
    let elements = 32 * 32 * 4 * 1024 * 128
    #expect(Self.elements(compiled, .prefill(1024)) == Double(elements))
  }

  /// With shared heads, queries and outputs have H heads and keys and values G.
  @Test func sharedHeadsMoveFewerKeysAndValues() throws {
    let compiled = try Shipped.sixteenBit("llama-3.1-8b")
    let (layers, tokens, width, heads, kvHeads) = (32, 1024, 128, 32, 8)
    let elements = layers * tokens * width * (2 * heads + 2 * kvHeads)
    #expect(Self.elements(compiled, .prefill(tokens)) == Double(elements))
  }

  @Test func theMaterialisedScheduleMovesMoreBytesThanFlash() throws {
    let step = Step.prefill(4096)
    var bytes: [Schedule: Double] = [:]
    var times: [Schedule: Double] = [:]
    for schedule in Schedule.allCases {
      var plan = try Shipped.plan(
        "llama-2-7b", on: "nvidia-a100-sxm-80", under: "ideal",
        [.schedule: schedule.rawValue])
      let cost = plan.evaluate(step)
      bytes[schedule] = cost.mainBytes(plan.machine).value
      times[schedule] = cost.expected.value
    }
    let flash = try #require(bytes[.flash2])
    let materialised = try #require(bytes[.materialised])
    // Four passes over 32 layers, 32 heads and 4096² scores of 2 bytes.
    let passes = Double(4 * 32 * 32 * 4096 * 4096 * 2)
    #expect(materialised - flash >= 0.99 * passes)
    #expect(try #require(times[.materialised]) > #require(times[.flash2]))
    #expect(try #require(bytes[.flash1]) >= flash)
  }

  /// The schedules compute the same product: useful FLOPs and exps are equal.
  @Test(arguments: ["llama-3.1-8b", "mistral-7b-v0.1", "gpt-oss-20b"])
  func everyScheduleDoesTheSameUsefulWork(model: String) throws {
    let step = Step(newTokens: 300, cachedTokens: 5000, logitTokens: 1, batch: 2)
    let work = try Schedule.allCases.map { schedule in
      let operations = try Shipped.sixteenBit(model, schedule: schedule).operations(step)
      return [
        operations.sum(Self.parts) { $0.work.matrix.value },
        operations.sum(Self.parts) { $0.work.special.value },
      ]
    }
    #expect(work[0][0] > 0 && work[0] == work[1] && work[1] == work[2])
  }

  /// Executed work is whole tiles: never less than useful work, and the whole square when materialised.
  @Test(arguments: Schedule.allCases)
  func executedWorkCoversUsefulWork(schedule: Schedule) throws {
    let model = try Shipped.sixteenBit("gpt-oss-20b", schedule: schedule)
    for step in [Step.prefill(1000), .decode(context: 1000), .prefill(1)] {
      for operation in model.operations(step) {
        #expect(operation.work.executedMatrix >= operation.work.matrix)
      }
    }
    let square = model.operations(.prefill(1024)).sum(Self.parts) { $0.work.executedMatrix.value }
    guard schedule == .materialised else { return }
    // 24 layers of 64 heads, a multiply-add for each of 64 + 64 columns and every pair.
    let whole = 24 * 64 * 2 * 128 * 1024 * 1024
    #expect(square == Double(whole))
  }

  /// 8192 keys in 8 parts: each leaves 128 sums, a maximum and a sum of 4 B a head, written and read, and an exp.
  @Test func splitKeysAreMergedAndCounted() throws {
    let whole = try Shipped.sixteenBit("llama-3.1-8b", schedule: .flash2)
    let split = try Shipped.sixteenBit("llama-3.1-8b", schedule: .splitKV)
    func counts(_ model: CompiledModel, _ step: Step) -> (bytes: Double, exps: Double) {
      model.operations(step).reduce((0, 0)) { sum, operation in
        (
          sum.0 + operation.repeats * operation.bytes.activations.value,
          sum.1 + operation.repeats * operation.work.special.value
        )
      }
    }
    let step = Step.decode(context: 8191)
    let (one, parts) = (counts(whole, step), counts(split, step))
    #expect(parts.bytes - one.bytes == 32 * 32 * 8 * 130 * 4 * 2)
    #expect(parts.exps - one.exps == 32 * 32 * 8)
    // Several new tokens fill the chip themselves.
    #expect(counts(split, .prefill(4096)) == counts(whole, .prefill(4096)))
  }
}
