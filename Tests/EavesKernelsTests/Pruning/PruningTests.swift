import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct PruningTests {
  /// Two layers, small enough for every test.
  static let model: PrunableModel = {
    var size = PrunableModel.Size()
    size.hidden = 16
    size.heads = 4
    size.neurons = 24
    size.layers = 4
    size.tokens = 6
    return PrunableModel(size)
  }()

  @Test(arguments: PruningStudy.Kind.allCases)
  func droppingNothingChangesNothing(kind: PruningStudy.Kind) throws {
    let study = try PruningStudy(Self.model)
    for order in PruningStudy.Order.allCases {
      #expect(try study.row(kind, order, 0).error == 0)
    }
    #expect(try study.row(kind, .random, 0.5).error > 0)
  }

  @Test func aHeadWhoseOutputIsZeroIsDroppedFirstAndNotMissed() throws {
    var model = Self.model
    let size = model.size
    for layer in model.layers.indices {
      for row in 2 * size.headSize..<3 * size.headSize {
        for column in 0..<size.hidden {
          model.layers[layer].value.elements[row * size.hidden + column] = 0
        }
      }
    }
    let study = try PruningStudy(model)
    let kept = study.kept(.heads, .ranked, 0.25)
    #expect(kept.heads.allSatisfy { $0 == [0, 1, 3] })
    // Sums of zeros are left out: nothing else is rounded.
    #expect(try study.row(.heads, .ranked, 0.25).error == 0)
    #expect(try study.row(.heads, .reversed, 0.25).error > 0)
  }

  @Test func aNeuronThatIsNeverActiveIsNotMissed() throws {
    var model = Self.model
    for layer in model.layers.indices {
      for column in 0..<model.size.hidden { model.layers[layer].up.elements[column] = 0 }
    }
    let study = try PruningStudy(model)
    var kept = model.whole
    for layer in kept.neurons.indices { kept.neurons[layer].removeFirst() }
    let text = model.text(seed: 3)
    let whole = try PrunedRun<Double>(model, model.whole, text: text)
    #expect(try PrunedRun<Double>(model, kept, text: text).output == whole.output)
    #expect(study.kept(.neurons, .ranked, 0.25).neurons.allSatisfy { !$0.contains(0) })
  }

  @Test(arguments: PruningStudy.Kind.allCases)
  func theLeastImportantAreMissedLessThanTheMost(kind: PruningStudy.Kind) throws {
    let study = try PruningStudy(Self.model)
    func mean(_ order: PruningStudy.Order) throws -> Double {
      try PruningStudy.shares.reduce(0) { try $0 + study.row(kind, order, $1).error }
    }
    #expect(try mean(.ranked) < mean(.reversed))
  }

  @Test(arguments: PruningStudy.Kind.allCases, PruningStudy.shares)
  func aPrunedModelDoesTheWorkOfItsShape(kind: PruningStudy.Kind, share: Double) throws {
    let study = try PruningStudy(Self.model)
    let kept = study.kept(kind, .ranked, share)
    let (run, counter) = try Counter.counting { () throws(KernelError) in
      try PrunedRun<Counted>(Self.model, kept, text: Self.model.text(seed: 3))
    }
    let row = try study.row(kind, .ranked, share)
    #expect(counter.matrixFLOPs == row.flop)
    #expect(
      Double(counter.special) == run.operations.reduce(0) { $0 + $1.work.special.value })
    #expect(
      run.output.map(\.widened)
        == (try PrunedRun<Double>(Self.model, kept, text: Self.model.text(seed: 3))).output)
  }

  /// By hand: 4 layers of 4·16² + 2·16·24 weights and two norms; 4 heads of 4 keys and 4 values.
  @Test func whatIsSavedIsProportional() throws {
    let study = try PruningStudy(Self.model)
    let whole = try study.row(.heads, .ranked, 0)
    #expect(whole.parameters == 4 * (4 * 256 + 2 * 16 * 24 + 32))
    #expect(whole.kvBytes == 4 * 6 * 4 * 8 * 4)
    let heads = try study.row(.heads, .ranked, 0.5)
    #expect(heads.parameters == whole.parameters - 4 * 2 * 256)
    #expect(heads.kvBytes == whole.kvBytes / 2)
    let neurons = try study.row(.neurons, .ranked, 0.25)
    #expect(neurons.parameters == whole.parameters - 4 * 2 * 16 * 6)
    #expect(neurons.kvBytes == whole.kvBytes)
    let layers = try study.row(.layers, .ranked, 0.25)
    #expect(layers.parameters == whole.parameters * 3 / 4)
    #expect(layers.flop == whole.flop * 3 / 4)
    #expect(layers.kvBytes == whole.kvBytes * 3 / 4)
  }
}
