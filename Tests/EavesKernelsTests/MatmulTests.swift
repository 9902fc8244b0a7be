import Eaves
import EavesKernels
import Testing

struct MatmulTests {
  @Test(arguments: KernelCheck.shapes)
  func agreesWithTheFloat64Definition(m: Int, n: Int, k: Int) throws {
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
}
