import Quantities
import Testing

@testable import Eaves

/// Bytes of pruned matrices against the bytes of encodings that are written out.
@Suite struct StoredSparsityTests {
  /// A matrix of 16-bit values, of which a share is zero, in an order that a seed shuffles.
  private static func matrix(_ rows: Int, _ columns: Int, zeros: Int, seed: UInt64) -> [[UInt16]] {
    var random = SplitMix64(seed: seed)
    var values = (0..<rows * columns).map { UInt16($0 < zeros ? 0 : 1 + $0 % 60_000) }
    values.shuffle(using: &random)
    return (0..<rows).map { row in Array(values[row * columns..<(row + 1) * columns]) }
  }

  /// Values and column indices of 32 bits.
  private static func csr(_ matrix: [[UInt16]]) -> (values: [UInt16], columns: [Int32]) {
    var (values, columns): ([UInt16], [Int32]) = ([], [])
    for row in matrix {
      for (column, value) in row.enumerated() where value != 0 {
        values.append(value)
        columns.append(Int32(column))
      }
    }
    return (values, columns)
  }

  private static func operand(_ rows: Int, _ columns: Int) -> Operand {
    Operand(.weights, rows: rows, columns: columns, format: CompactFormat(.f16))
  }

  /// What a product of such a matrix has stored after pruning.
  private static func stored(
    _ sparsity: any Sparsity, _ rows: Int, _ columns: Int
  ) throws -> Operation {
    var operation = Operation(
      .down, .matmul(m: 1, n: rows, k: columns, count: 1),
      work: .product(m: 1, n: Double(rows), k: Double(columns), precision: .f16), repeats: 1)
    operation.add(operand(rows, columns))
    operation.add(operand(1, rows))
    sparsity.change(&operation, SparseRates())
    return operation
  }

  @Test(arguments: [(16, 48, 0.5), (12, 312, 0.9), (31, 77, 0.3), (64, 64, 0.97)])
  func unstructuredStorageIsWhatAnEncodingTakes(rows: Int, columns: Int, share: Double) throws {
    let zeros = Int((share * Double(rows * columns)).rounded())
    let matrix = Self.matrix(rows, columns, zeros: zeros, seed: 7)
    let (values, indices) = Self.csr(matrix)
    let bias = 2 * rows
    let csr = try Self.stored(
      UnstructuredSparsity(share: share, storage: .csr), rows, columns)
    #expect(
      abs(csr.bytes[.weights].value - Double(2 * values.count + 4 * indices.count + bias)) < 1e-6)
    let bitmap = try Self.stored(
      UnstructuredSparsity(share: share, storage: .bitmap), rows, columns)
    let bits = matrix.joined().map { $0 != 0 }
    let expected = Double(2 * values.count + bias) + Double(bits.count) / 8
    #expect(abs(bitmap.bytes[.weights].value - expected) < 1e-6)
    let zeroed = try Self.stored(
      UnstructuredSparsity(share: share, storage: .zeros), rows, columns)
    #expect(zeroed.bytes[.weights].value == Double(2 * rows * columns + bias))
    // What is needed is a product with each value that is left, what is executed all.
    let needed = 2 * Double(rows * columns) * (1 - share)
    #expect(abs(csr.work.matrix.value - needed) < 1e-9 * needed)
    #expect(csr.work.executedMatrix.value == 2 * Double(rows * columns))
    #expect(csr.hasExpansions && !zeroed.hasExpansions)
  }

  /// CSR pays where fewer than w/(w + 32) of the weights are left.
  @Test(arguments: [(16.0, 1.0 / 3), (8.0, 0.2), (4.0, 1.0 / 9)])
  func compressedRowsPayBelowADensity(bits: Double, density: Double) {
    for offset in [-0.01, 0.01] {
      let sparsity = UnstructuredSparsity(share: 1 - density - offset, storage: .csr)
      #expect((sparsity.storedBits(bits) < bits) == (offset < 0))
    }
  }

  /// Two values and two indices of two bits for each four weights, written out.
  @Test(arguments: [(8, 16), (5, 12), (3, 312)])
  func twoOfFourIsTwoValuesAndFourBits(rows: Int, columns: Int) throws {
    var values: [UInt16] = []
    var indices: [UInt8] = []
    for row in 0..<rows {
      for group in stride(from: 0, to: columns, by: 4) {
        let first = (row + group) % 3
        for index in [first, 3] {
          values.append(UInt16(1 + row * columns + group + index))
          indices.append(UInt8(index))
        }
      }
    }
    let operation = try Self.stored(TwoOfFourSparsity(), rows, columns)
    let expected = Double(2 * values.count + 2 * rows) + Double(2 * indices.count) / 8
    #expect(operation.bytes[.weights].value == expected)
    #expect(operation.work.matrix.value == Double(2 * values.count))
  }

  /// The published ratios: 0.5625 in 16 bits, 0.625 in 8, 0.75 in 4.
  @Test(arguments: [(16.0, 0.5625), (8.0, 0.625), (4.0, 0.75)])
  func theRatioOfTwoOfFourIsPublished(bits: Double, ratio: Double) {
    #expect(TwoOfFourSparsity().storedBits(bits) / bits == ratio)
    let operand = Operand(
      .weights, rows: 4, columns: 64,
      format: CompactFormat(bytesPerElement: bits / 8, expansion: .none))
    let stored = operand.twoOfFour(isExpanded: false)
    #expect(stored.bytes.value / operand.bytes.value == ratio)
  }

  /// Rows that are no groups of four stay as they are.
  @Test func oddRowsStayDense() throws {
    let operation = try Self.stored(TwoOfFourSparsity(), 8, 30)
    #expect(operation.bytes[.weights].value == Double(2 * 8 * 30 + 16))
    #expect(operation.work.matrix == operation.work.executedMatrix)
  }

  /// A whole model: every matrix of the layers, and nothing else.
  @Test(arguments: ["llama-3.2-1b", "gpt2-small", "mixtral-8x7b", "mamba-130m", "deepseek-v2-lite"])
  func aModelKeepsItsEmbeddingsAndHead(name: String) throws {
    func bytes(_ sparsity: String) throws -> Double {
      var settings = Settings()
      try settings.set(.weights, to: "bf16")
      try settings.set(.sparsity, to: sparsity)
      return CompiledModel(try Shipped.model(name), settings).inventory.weightBytes.value
    }
    let matrices = Shipped.prunableBytes(try Shipped.sixteenBit(name))
    let dense = try bytes("dense")
    #expect(matrices > 0.3 * dense && matrices < dense)
    #expect(abs(try bytes("2:4") - (dense - matrices * (1 - 0.5625))) < 1)
    #expect(abs(try bytes("unstructured:0.75:csr") - (dense - matrices * 0.25)) < 100)
    #expect(abs(try bytes("unstructured:0.75:bitmap") - (dense - matrices * 0.6875)) < 100)
    #expect(try bytes("unstructured:0.75") == dense)
    #expect(try bytes("activations:0.9") == dense)
  }
}

extension Shipped {
  /// Bytes of the matrices that are products' weights within layers, summed over operands.
  static func prunableBytes(_ model: CompiledModel) -> Double {
    let outside: Set<Operation.ID> = [
      .head, .pooler, .embedding, .embeddingProjection, .router, .inputConvolution,
      .patchEmbedding, .perLayerInput,
    ]
    var sum = 0.0
    for operation in model.operations(.smallest(for: model.model.kind)) {
      guard case .matmul = operation.kind, !outside.contains(operation.id) else { continue }
      for operand in operation.usedOperands where operand.role == .weights && operand.rows > 1 {
        sum += operation.repeats * operation.weightShare * operand.residentBytes.value
      }
    }
    return sum
  }
}
