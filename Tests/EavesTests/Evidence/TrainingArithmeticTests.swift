import Quantities
import Testing

@testable import Eaves

/// FLOPs of training against products that are counted one by one.
@Suite struct TrainingArithmeticTests {
  /// A stack of products [1, n] × [n, n]: one forward, and two of the same size for the gradients of input and
  /// weights.
  @Test(arguments: [[8, 16, 4], [3, 5, 7, 11]])
  func sixFLOPsAParameter(widths: [Int]) {
    var (parameters, forward, backward) = (0, 0, 0)
    for (input, output) in zip(widths, widths.dropFirst()) {
      parameters += input * output
      for _ in 0..<input * output { forward += 2 }
      // dX = dY·Wᵀ and dW = Xᵀ·dY.
      backward += 2 * input * output + 2 * input * output
    }
    let own = TrainingArithmetic(parameters: Double(parameters))
    #expect(own.flopPerToken == Double(forward + backward))
    let again = TrainingArithmetic(parameters: Double(parameters), recompute: .full)
    #expect(again.flopPerToken == Double(2 * forward + backward))
    #expect(again.flopPerToken / own.flopPerToken == 4.0 / 3)
    let teacher = 1000
    let taught = TrainingArithmetic(parameters: Double(parameters), teacher: Double(teacher))
    #expect(taught.flopPerToken == Double(2 * teacher + forward + backward))
  }

  /// TinyBERT-4 on the outputs of BERT-base: the teacher takes most of the work.
  @Test func aTeacherOfSevenTimesTheSizeTakesMostOfTheWork() throws {
    func parameters(_ model: String) throws -> Double {
      CompiledModel(try Shipped.model(model), Settings()).inventory.parameters
    }
    let (student, teacher) = (try parameters("tinybert-4-312"), try parameters("bert-base"))
    let cost = TrainingArithmetic(parameters: student, teacher: teacher)
    #expect(cost.flopPerToken == 2 * teacher + 6 * student)
    #expect(2 * teacher > 2.5 * 6 * student)
    #expect(TrainingArithmetic.logitBytes(vocabulary: 30_522) == 61_044)
  }
}
