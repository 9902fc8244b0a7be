import Quantities
import Testing

@testable import Eaves

@Suite struct KernelModelTests {
  /// Every piece takes a time of its own.
  static let times: KernelTimes = {
    var times = KernelTimes(
      reading: WorkingSetCurveTests.points([(16, 200), (512, 100), (8192, 80), (131_072, 20)]),
      copying: WorkingSetCurveTests.points([(16, 150), (131_072, 22)]))
    for (index, piece) in KernelPiece.allCases.enumerated() {
      let isElement = ["multiply", "element", "matrix", "aliased", "state", "score"].contains {
        piece.rawValue.contains($0)
      }
      times.times[piece] = Measure(
        Seconds(Double(index + 1) * (isElement ? 1e-12 : 1e-9)), basis: .measured, source: "test",
        isVerified: true)
    }
    times.times[.peakMultiply] = Measure(
      Seconds(1e-12), basis: .measured, source: "test", isVerified: true)
    return times
  }()

  static func product(_ m: Int, _ n: Int, _ k: Int) -> Operation {
    var operation = Operation(
      .qkv, .matmul(m: Double(m), n: n, k: k, count: 1),
      work: .product(m: Double(m), n: Double(n), k: Double(k), precision: .f32), repeats: 1)
    let f32 = CompactFormat(.f32)
    operation.add(Operand(.activationRead, rows: m, columns: k, format: f32))
    operation.add(Operand(.weights, rows: n, columns: k, format: f32))
    operation.add(Operand(.activationWrite, rows: m, columns: n, format: f32))
    return operation
  }

  /// The definition, written out for one shape of each kind.
  @Test func aProductIsTheSumOfItsPieces() throws {
    let model = try #require(KernelModel(Self.times))
    func each(_ piece: KernelPiece) -> Double { Self.times.times[piece]?.value.value ?? .nan }
    let (m, n, k) = (10.0, 300.0, 1024.0)
    let time = try #require(model.time([Self.product(10, 300, 1024)]))
    // 10 rows are multiplied as 12; rows of 4 KiB share cache sets.
    let inCore =
      each(.productCall) + 12 * n * k * each(.productMultiply) + n * k * each(.productAliased)
      + m * k * each(.productRow) + m * n * each(.productResult)
    #expect(abs(time.inCore.value / inCore - 1) < 1e-12)

    let row = try #require(model.time([Self.product(1, 300, 96)]))
    let vector =
      each(.vectorCall) + 300 * each(.vectorResult) + 300 * 96 * each(.vectorElement)
    #expect(abs(row.inCore.value / vector - 1) < 1e-12)
    let lanes = try #require(
      model.time([Self.product(1, 300, 96)], KernelChoice(vectorProducts: .lanes)))
    let own = 300 * each(.lanesResult) + 300 * 96 * each(.lanesElement)
    #expect(abs(lanes.inCore.value / own - 1) < 1e-12)

    let small = try #require(model.time([Self.product(2, 100, 64)]))
    let formed =
      2 * 100 * 64 * each(.smallProductMultiply) + 200 * each(.smallProductResult)
    #expect(abs(small.inCore.value / formed - 1) < 1e-12)
  }

  /// What fits the nearest cache exposes nothing; farther off every byte adds the difference of the bandwidths.
  @Test func exposureIsTheDifferenceOfBandwidths() throws {
    let model = try #require(KernelModel(Self.times))
    let near = try #require(model.time([Self.product(1, 16, 32)]))
    #expect(near.exposed == .zero)
    let reads = Bytes(134_217_728)
    let far = model.transfer(reads: reads, writes: .zero, workingSet: Bytes(131_072 * 1024))
    #expect(abs(far.all.value * 20e9 / reads.value - 1) < 1e-12)
    #expect(abs(far.beyondNearest.value / (reads.value * (1 / 20e9 - 1 / 200e9)) - 1) < 1e-12)
  }

  @Test(arguments: [
    (1, 64, 64), (1, 4096, 4096), (2, 64, 64), (16, 512, 512), (128, 2048, 512), (512, 512, 512),
  ])
  func lowerExpectedUpper(_ m: Int, _ n: Int, _ k: Int) throws {
    let model = try #require(KernelModel(Self.times))
    let time = try #require(model.time([Self.product(m, n, k)]))
    #expect(time.lower > .zero)
    #expect(time.lower <= time.expected)
    #expect(time.expected <= time.upper)
  }

  /// A group of six query heads is read in a pass of four and one of two.
  @Test func queriesArePassesOfPowersOfTwo() throws {
    let model = try #require(KernelModel(Self.times))
    func each(_ piece: KernelPiece) -> Double { Self.times.times[piece]?.value.value ?? .nan }
    let shape = AttentionShape(
      batch: 1, heads: 12, kvHeads: 2, queries: 1, keys: 10, headSize: 16, valueHeadSize: 16,
      schedule: .flash2)
    let operation = Operation(
      .attention, .attention(shape), work: Work(multiplyAdds: 1, precision: .f32), repeats: 1)
    let time = try #require(model.time([operation]))
    let passes =
      2 * each(.decodeHead) + 10 * (each(.decodeKey4) + 32 * each(.decodeElement4))
      + 10 * (each(.decodeKey2) + 32 * each(.decodeElement2))
    #expect(abs(time.inCore.value / (2 * passes) - 1) < 1e-12)
  }

  @Test func aPieceThatIsMissingLeavesTheTimeUnknown() throws {
    var times = Self.times
    times.times[.productRow] = nil
    let model = try #require(KernelModel(times))
    #expect(model.time([Self.product(10, 300, 1024)]) == nil)
    #expect(KernelModel(KernelTimes(reading: [])) == nil)
  }
}
