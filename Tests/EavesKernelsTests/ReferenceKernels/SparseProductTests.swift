import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct SparseProductTests {
  /// Half of the values and two bits each of 2:4: 0.5625 of dense 16-bit weights.
  @Test func twoOfFourKeepsHalf() {
    let matrix = SparseProductCase(storage: .twoOfFour, tokens: 1).matrix
    #expect(matrix.values.count * 2 == matrix.rows * matrix.columns)
    let bits = 16 * matrix.values.count + matrix.indexBits
    #expect(Double(bits) == 0.5625 * Double(16 * matrix.rows * matrix.columns))
    for start in stride(from: 0, to: matrix.masked.count, by: 4) {
      #expect(matrix.masked[start..<start + 4].count { $0 != 0 } == 2)
    }
  }

  /// Values and indices are all that is stored.
  @Test(arguments: SparseMatrix.Storage.allCases)
  func bytesAreThoseOfValuesAndIndices(storage: SparseMatrix.Storage) throws {
    let matrix = SparseProductCase(storage: storage, tokens: 2).matrix
    let operation = matrix.operation(tokens: 2)
    let bytes = Double(4 * matrix.values.count) + Double(matrix.indexBits) / 8
    #expect(operation.bytes[.weights].value == bytes)
    #expect(operation.work.matrix.value == Double(4 * matrix.values.count))
  }
}
