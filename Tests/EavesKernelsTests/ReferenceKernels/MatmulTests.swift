import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct MatmulTests {
  @Test(arguments: KernelCheck.shapes)
  func theLibraryAgreesWithTheFloat64Definition(m: Int, n: Int, k: Int) throws {
    let check = try KernelCheck.matmul(m: m, n: n, k: k)
    #expect(check.isWithinTolerance, "\(check.shape): \(check.error)")
    #expect(check.error > 0, "a float32 kernel that equals float64 was not run")
  }

  @Test func refusesAnOperationThatIsNoProduct() {
    let operation = Operation(.softmax, .reduction(rows: 1, columns: 4), work: Work(), repeats: 1)
    #expect(throws: KernelError.wrongShape(.softmax)) { try ProductShape(operation) }
  }

  @Test func refusesOperandsThatDoNotAddUp() {
    var operation = Operation(
      .down, .matmul(m: 2, n: 3, k: 4, count: 1), work: Work(), repeats: 1)
    operation.add(Operand(.weights, rows: 2, columns: 4, format: CompactFormat(.f32)))
    #expect(throws: KernelError.operandMismatch("8.0 weights for n·k = 12")) {
      try ProductShape(operation)
    }
  }

  @Test(arguments: [3, 8, 16])
  func tilesGiveTheSameResult(tile: Int) throws {
    let operation = try MatmulCase(m: 9, n: 14, k: 20).operations[0]
    let (whole, tiled) = (try Buffers<Double>(operation), try Buffers<Double>(operation))
    try Matmul.run(whole)
    try Matmul.run(tiled, tile: tile)
    #expect(KernelCheck.relativeError(of: tiled[2].values, against: whole[2].values) < 1e-14)
  }

  /// Traffic through an LRU cache that holds three tiles: within the bounds, and as predicted.
  @Test(arguments: [(64, 64, 64, 16), (96, 32, 48, 16), (32, 96, 64, 8)])
  func trafficOfTilesIsThatPredicted(m: Int, n: Int, k: Int, tile: Int) throws {
    var model = TinyModel(
      hidden: n, attention: Block.Attention(heads: 1, kvHeads: 1, headSize: k))
    model.format = .f16
    let operation = try model.operations(.prefill(m), .attentionOutput)[0]
    // Three tiles of 16-bit elements; sums of the result are kept apart, which leaves room for the order of use.
    let capacity = 6 * tile * tile
    let trace = CacheTrace(capacity: capacity, line: 16)
    try Matmul.run(Buffers<Double>(operation, traces: [trace]), tile: tile)
    let compulsory = operation.compulsoryBytes.value
    let predicted = operation.reloads(capacity: Bytes(Double(capacity))) * compulsory
    let traced = trace.traffic.value
    #expect(traced >= compulsory)
    #expect(abs(traced - predicted) <= 0.1 * predicted, "\(traced) of \(predicted)")
  }
}
