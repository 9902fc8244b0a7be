import Quantities
import Testing

@testable import Eaves

/// What holds for every mixer, whatever it computes.
@Suite struct MixerConsistencyTests {
  private static let words = MixerFixture.samples.map(\.kind)

  private func fixture(_ kind: String, _ model: Model.Kind = .decoder) throws -> MixerFixture {
    let sample = try #require(MixerFixture.samples.first { $0.kind == kind })
    return try MixerFixture(kind, sample.fields, hidden: 64, model: model)
  }

  /// The steps that mixers of two sorts can take.
  private func steps(_ kind: String) -> [Step] {
    kind == "linformer"
      ? [.encode(1, batch: 2), .encode(96)]
      : [.prefill(1), .prefill(70, batch: 2), .decode(context: 33, batch: 3)]
  }

  @Test func everyMixerIsSampled() {
    #expect(Set(Self.words).isSubset(of: MixerList.names))
    #expect(Self.words.count >= 16)
  }

  @Test(arguments: words)
  func workIsFiniteAndExecutedWorkNeverLess(kind: String) throws {
    let fixture = try fixture(kind, kind == "linformer" ? .encoder : .decoder)
    for step in steps(kind) {
      let operations = fixture.operations(step)
      #expect(!operations.isEmpty)
      for operation in operations {
        let work = operation.work
        for count in [work.matrix, work.executedMatrix, work.vector, work.special] {
          #expect(count.value.isFinite && count.value >= 0, "\(operation.id)")
        }
        #expect(work.executedMatrix >= work.matrix)
        #expect(work.launches >= 1)
        for operand in operation.usedOperands {
          #expect(operand.bytes.value.isFinite && operand.rows > 0 && operand.columns > 0)
          #expect(operand.distinct <= operand.touched)
        }
      }
    }
  }

  /// A decode at another context is the same work, but for what keeps all tokens.
  @Test(arguments: words.filter { !["linformer", "synthesizer"].contains($0) })
  func aStateDoesNotGrow(kind: String) throws {
    let fixture = try fixture(kind)
    let near = fixture.operations(.decode(context: 1, batch: 2))
    let far = fixture.operations(.decode(context: 1_000_000, batch: 2))
    for (one, other) in zip(near, far) {
      #expect(one.work.matrix == other.work.matrix && one.work.vector == other.work.vector)
      #expect(one.usedOperands.map(\.bytes) == other.usedOperands.map(\.bytes))
    }
    #expect(fixture.mixer.cacheBytes(tokens: 1000) == .zero)
    #expect(fixture.mixer.stateBytes > .zero)
  }

  /// The state that a step reads and writes is the state that is kept.
  @Test(arguments: words, [1, 5, 130])
  func aStepMovesTheStateThatItKeeps(kind: String, tokens: Int) throws {
    let fixture = try fixture(kind)
    let step = Step(newTokens: tokens, cachedTokens: 7, logitTokens: 1, batch: 3)
    #expect(
      fixture.operations(step).bytes([.state]) == 3 * fixture.mixer.stateBytes.value)
  }

  /// What is encoded keeps nothing.
  @Test(arguments: words)
  func anEncoderKeepsNothing(kind: String) throws {
    let fixture = try fixture(kind, .encoder)
    #expect(fixture.mixer.stateBytes == .zero && fixture.mixer.cacheBytes(tokens: 9) == .zero)
    let bytes = fixture.operations(.encode(64, batch: 2))
      .bytes([.state, .cacheRead, .cacheWrite])
    #expect(bytes == 0)
  }

  /// Two mixers of the same sizes are the same, of other sizes are not.
  @Test(arguments: words)
  func shapesCompareByTheirSizes(kind: String) throws {
    let (one, other) = (try fixture(kind), try fixture(kind))
    #expect(AnyMixerShape(one.shape) == AnyMixerShape(other.shape))
    #expect(one.shape.label == kind && !one.shape.summary.isEmpty)
    for (left, right) in zip(one.mixer.parts, other.mixer.parts) {
      #expect(left.isSame(as: right))
    }
    let wide = try MixerFixture(
      kind, try #require(MixerFixture.samples.first { $0.kind == kind }).fields, hidden: 128)
    #expect(
      zip(one.mixer.parts, wide.mixer.parts).contains { !$0.isSame(as: $1) })
  }

  /// Batches share weights, and nothing else.
  @Test(arguments: words)
  func batchesShareWeightsOnly(kind: String) throws {
    let fixture = try fixture(kind, kind == "linformer" ? .encoder : .decoder)
    let pairs: [(Step, Step)] =
      kind == "linformer"
      ? [(.encode(90), .encode(90, batch: 4))]
      : [
        (.prefill(90), .prefill(90, batch: 4)),
        (.decode(context: 9), .decode(context: 9, batch: 4)),
      ]
    for (one, four) in pairs {
      let (single, batch) = (fixture.operations(one), fixture.operations(four))
      #expect(batch.bytes([.weights]) == single.bytes([.weights]))
      let moved: Set<Operand.Role> = [
        .state, .cacheRead, .cacheWrite, .activationRead, .activationWrite,
      ]
      #expect(batch.bytes(moved) == 4 * single.bytes(moved))
      #expect(abs(fixture.matrix(four) - 4 * fixture.matrix(one)) < 1e-6 * fixture.matrix(four))
    }
  }
}
