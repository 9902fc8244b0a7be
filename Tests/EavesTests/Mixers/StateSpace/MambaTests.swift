import Quantities
import Testing

@testable import Eaves

/// The counts of Mamba layers against their definition (docs/method.md 1).
@Suite struct MambaTests {
  /// The mixer's operations of one layer of a shipped model.
  private static func mixer(_ name: String, _ step: Step) throws -> [Operation] {
    try Shipped.sixteenBit(name).operations(step).filter { $0.id.group == .mixer }
  }

  /// 6.25·d² + 111·d a layer, with its norm, and V·d + d outside the layers.
  @Test(arguments: ["mamba-130m", "mamba-370m", "mamba-790m", "mamba-1.4b", "mamba-2.8b"])
  func weightsFollowFromTheWidth(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let (width, rows) = (
      Double(compiled.model.hiddenSize), Double(compiled.model.vocabulary)
    )
    let layer = 6.25 * width * width + 111 * width
    let outside = rows * width + width
    #expect(
      compiled.inventory.parameters == Double(compiled.layerCount) * layer + outside)
  }

  /// The scan written out, one token, channel and state after the other.
  @Test(arguments: [Step.decode(context: 100), .prefill(7), .prefill(5, batch: 3)])
  func theScanCountsItsLoop(step: Step) throws {
    let shape = Mamba(inner: 12, state: 4, convolution: 4, stepRank: 3)
    let scan = MambaScan(shape, Self.formats)
    var (lanes, functions) = (0.0, 0.0)
    for _ in 0..<step.rows {
      for _ in 0..<shape.inner {
        functions += 1  // softplus of the step size Δ
        lanes += 1  // Δ·x
        for _ in 0..<shape.state {
          lanes += 1  // Δ·A
          functions += 1  // exp(Δ·A)
          lanes += 1  // exp(Δ·A)·h
          lanes += 1  // (Δ·x)·B
          lanes += 1  // their sum
          lanes += 2  // y += C·h
        }
        lanes += 2  // y += D·x
        functions += 1  // sigmoid of the gate z
        lanes += 2  // z·sigmoid(z), and y times that
      }
    }
    var buffer = OperationBuffer()
    scan.emit(step, into: &buffer)
    let work = try #require(buffer.operations.first).work
    #expect(work.vector.value == lanes && work.special.value == functions)
    #expect(work.matrix == .zero)
  }

  /// d_i·N exps and three point-wise functions a channel; 2·K a channel of the convolution on lanes.
  @Test(arguments: [("mamba-130m", 24.0), ("mamba-2.8b", 64)])
  func functionsOfAToken(name: String, layers: Double) throws {
    let operations = try Self.mixer(name, .decode(context: 5))
    let inner = 2 * Double(try Shipped.model(name).hiddenSize)
    let special = operations.reduce(0) { $0 + $1.repeats * $1.work.special.value }
    #expect(special == layers * (inner * 16 + 3 * inner))
    let lanes = operations.reduce(0) { $0 + $1.repeats * $1.work.vector.value }
    #expect(lanes == layers * (inner * 16 * 6 + inner + 4 * inner + 8 * inner))
  }

  /// 2·d·2d_i + 2·d_i·(r + 2N) + 2·r·d_i + 2·d_i·d for each token.
  @Test(arguments: [Step.decode(context: 5), .prefill(64, batch: 2)])
  func matrixWork(step: Step) throws {
    let operations = try Self.mixer("mamba-2.8b", step)
    let (width, inner, rank, state) = (2560.0, 5120.0, 160.0, 16.0)
    let token =
      2 * width * 2 * inner + 2 * inner * (rank + 2 * state) + 2 * rank * inner
      + 2 * inner * width
    let total = operations.reduce(0) { $0 + $1.repeats * $1.work.matrix.value }
    #expect(total == 64 * Double(step.rows) * token)
  }

  /// 22.9 MB, what 70 tokens of a 2.7 B model with multi-head attention take: 2·32·2560·2 bytes each.
  @Test func stateOfTheLargest() throws {
    let state = try Shipped.sixteenBit("mamba-2.8b").stateBytes(batch: 1)
    #expect(state.value == 64 * (5120 * 16 * 4 + 3 * 5120 * 2))
    #expect((state.value / 1e5).rounded() == 229)
    #expect((state.value / Double(2 * 32 * 2560 * 2)).rounded() == 70)
  }

  /// A decode step does not depend on what was before it, and a prefill of one token is one.
  @Test(arguments: ["mamba-130m", "mamba2-130m", "falcon-mamba-7b"])
  func theContextChangesNothing(name: String) throws {
    func counts(_ step: Step) throws -> [Double] {
      try Shipped.sixteenBit(name).operations(step).flatMap { operation in
        let work = operation.work
        return [work.matrix.value, work.vector.value, work.special.value]
          + Operand.Role.allCases.map { operation.bytes[$0].value }
      }
    }
    let far = try counts(.decode(context: 1_000_000))
    #expect(try counts(.decode(context: 1)) == far && counts(.prefill(1)) == far)
  }

  /// Between the operands of a prefill no tensor of S × d_i × N is written.
  @Test func theScanKeepsItsStates() throws {
    let scan = try #require(
      Self.mixer("mamba-130m", .prefill(512)).first { $0.id == .scan })
    #expect(scan.bytes.activations.value == Double(512 * (4 * 1536 + 2 * 16) * 2))
  }

  /// Norms with weights count; those without only cost.
  @Test func innerNorms() throws {
    func norm(_ name: String) throws -> (weights: Double, lanes: Double) {
      let norms = try Self.mixer(name, .decode(context: 1)).filter { $0.id == .mixerNorm }
      return (norms.bytes([.weights]), norms.reduce(0) { $0 + $1.repeats * $1.work.vector.value })
    }
    #expect(try norm("mamba-130m") == (0, 0))
    #expect(try norm("falcon-mamba-7b") == (0, Double(64 * 4 * 288)))
    #expect(try norm("jamba-v0.1") == (Double(28 * 2 * 288), Double(28 * 4 * 288)))
  }

  static let formats = LayerFormats(
    weights: [:], activations: .bf16, kv: .bf16, precision: PrecisionRule())
}
