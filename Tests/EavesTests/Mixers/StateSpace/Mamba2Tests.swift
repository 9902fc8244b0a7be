import Quantities
import Testing

@testable import Eaves

/// The counts of Mamba-2 layers, recurrent and in chunks, against their definition (docs/method.md 1).
@Suite struct Mamba2Tests {
  private static let shape = Mamba2(
    state: 4, convolution: 4, heads: 6, headSize: 2, groups: 2, chunk: 8)

  private static func work(_ step: Step, shape: Mamba2 = shape) throws -> Work {
    var buffer = OperationBuffer()
    Mamba2Recurrence(shape, MambaTests.formats).emit(step, into: &buffer)
    return try #require(buffer.operations.first).work
  }

  /// One token a sequence, written out.
  @Test(arguments: [1, 3])
  func theRecurrenceCountsItsLoop(batch: Int) throws {
    var (lanes, functions) = (0.0, 0.0)
    for _ in 0..<batch {
      for _ in 0..<Self.shape.heads {
        functions += 2  // softplus of the step size, exp of the decay
        for _ in 0..<Self.shape.headSize {
          lanes += 1  // Δ·x
          for _ in 0..<Self.shape.state {
            lanes += 1  // a·h
            lanes += 1  // B·(Δ·x)
            lanes += 1  // their sum
            lanes += 2  // y += C·h
          }
          lanes += 2  // y += D·x
        }
      }
    }
    let work = try Self.work(.decode(context: 50, batch: batch))
    #expect(work.vector.value == lanes && work.special.value == functions)
    #expect(work.matrix == .zero)
  }

  /// Longer steps, written out: products of pairs within a chunk, and with the state before and after it.
  @Test(arguments: [2, 7, 8, 9, 24, 29], [1, 3])
  func theChunksCountTheirLoop(tokens: Int, batch: Int) throws {
    let shape = Self.shape
    let (inner, state) = (Double(shape.inner), Double(shape.state))
    var (useful, executed, lanes, functions) = (0.0, 0.0, 0.0, 0.0)
    for start in stride(from: 0, to: tokens, by: shape.chunk) {
      let length = min(shape.chunk, tokens - start)
      for query in 0..<length {
        for key in 0..<length {
          // C·B for each group, and its product with x.
          let pair = 2 * Double(shape.groups) * state + 2 * inner
          executed += pair
          guard key <= query else { continue }
          useful += pair
          for _ in 0..<shape.heads {
            lanes += 2  // difference of the sums of decays; its exp times C·B
            functions += 1
          }
        }
        useful += 4 * inner * state  // into the state after the chunk, and from the one before it
        executed += 4 * inner * state
        for _ in 0..<shape.heads {
          lanes += 1  // sum of the decays so far
          functions += 3  // softplus, decay to the chunk's end, decay from its start
        }
        lanes += 3 * inner  // decays times the input and the result, and the sum of both results
        lanes += 3 * inner  // Δ·x, y += D·x
      }
      lanes += 2 * inner * state  // a·h + the chunk's own
      functions += Double(shape.heads)
    }
    let work = try Self.work(.prefill(tokens, batch: batch))
    let all = Double(batch)
    #expect(work.matrix.value == all * useful && work.executedMatrix.value == all * executed)
    #expect(work.vector.value == all * lanes && work.special.value == all * functions)
  }

  /// 2·Q·(g·N + d_i) + 4·d_i·N a token on the matrix engine in whole chunks of 256.
  @Test(arguments: [256, 1024])
  func aTokenOfWholeChunks(tokens: Int) throws {
    let scan = try #require(
      Shipped.sixteenBit("mamba2-2.7b").operations(.prefill(tokens)).first { $0.id == .scan })
    let token: Double = 2 * 256 * (128 + 5120) + 4 * 5120 * 128
    #expect(scan.work.executedMatrix.value == Double(tokens) * token)
    #expect(scan.work.precision == .bf16 && scan.repeats == 64)
  }

  /// A chunk is no longer than the step.
  @Test func aShortStepIsOneChunk() throws {
    let scan = try #require(
      Shipped.sixteenBit("mamba2-2.7b").operations(.prefill(16)).first { $0.id == .scan })
    let token: Double = 2 * 16 * (128 + 5120) + 4 * 5120 * 128
    #expect(scan.work.executedMatrix.value == 16 * token)
  }

  /// The gate is multiplied in by the norm where there is one, in the recurrence where there is none: the
  /// same work but for the norm.
  @Test func theGateIsCountedOnce() throws {
    var plain = Self.shape
    plain.hasGatedNorm = false
    func totals(_ shape: Mamba2) -> (vector: Double, special: Double) {
      var buffer = OperationBuffer()
      let place = MixerPlace(
        hidden: 16, kind: .decoder, norm: .rmsnorm, rotatesQueries: false, layer: 0, layers: 1,
        formats: MambaTests.formats,
        choices: ModelChoices(
          weights: WeightScheme(published: .bf16), kv: .bf16, activations: .bf16))
      shape.mixer(place).emit(.prefill(5), into: &buffer)
      return buffer.operations.reduce((0, 0)) {
        ($0.0 + $1.work.vector.value, $0.1 + $1.work.special.value)
      }
    }
    let (with, without) = (totals(Self.shape), totals(plain))
    #expect(with.vector - without.vector == Double(5 * 4 * 12))
    #expect(with.special - without.special == Double(5 * 2))
  }

  /// Eight times the state of Mamba-1: 167.8 MB, 169.8 MB with the convolution.
  @Test func stateOfTheLargest() throws {
    let state = try Shipped.sixteenBit("mamba2-2.7b").stateBytes(batch: 1).value
    let tails = Double(64 * 3 * (5120 + 2 * 128) * 2)
    #expect(state - tails == Double(64 * 5120 * 128 * 4))
    #expect((state / 1e4).rounded() == 16984 && ((state - tails) / 1e5).rounded() == 1678)
  }
}
