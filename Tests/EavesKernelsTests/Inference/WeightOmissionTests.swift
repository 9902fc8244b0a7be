import Eaves
import Testing

@testable import EavesKernels

@Suite struct WeightOmissionTests {
  @Test(arguments: [0.2, 0.5, 0.9])
  func theSmallestGo(share: Double) {
    let matrix = Matrix<Float>(rows: 10, columns: 24, seed: 4)
    var pruned = matrix
    WeightOmission.smallest(&pruned, share: share)
    let gone = matrix.elements.indices.filter { pruned.elements[$0] == 0 }
    #expect(gone.count == Int((share * 240).rounded()))
    let largestGone = gone.map { matrix.elements[$0].magnitude }.max() ?? 1
    let kept = matrix.elements.indices.filter { pruned.elements[$0] != 0 }
    #expect(kept.allSatisfy { matrix.elements[$0].magnitude >= largestGone })
    #expect(kept.allSatisfy { matrix.elements[$0] == pruned.elements[$0] })
  }

  /// Equal weights: as many as asked for, the first of them.
  @Test func tiesAreCounted() {
    var matrix = Matrix<Float>(rows: 2, columns: 4, repeating: 3)
    WeightOmission.smallest(&matrix, share: 0.5)
    #expect(matrix.elements == [0, 0, 0, 0, 3, 3, 3, 3])
  }

  @Test func twoOfEachFour() {
    let matrix = Matrix<Float>(rows: 3, columns: 8, seed: 9)
    var pruned = matrix
    WeightOmission.twoOfFour(&pruned)
    for start in stride(from: 0, to: 24, by: 4) {
      let four = (start..<start + 4).sorted {
        matrix.elements[$0].magnitude < matrix.elements[$1].magnitude
      }
      #expect(four.map { pruned.elements[$0] == 0 } == [true, true, false, false])
    }
  }

  /// The group that matters least goes first, then single heads; no group that stays is left without.
  @Test func headsGoByGroups() {
    let attention = Block.Attention(heads: 6, kvHeads: 3, headSize: 4)
    let norms: [Double] = [5, 1, 2, 2.1, 9, 0.5]
    #expect(Set(WeightOmission.heads(2, groups: 1, attention, norms)) == [2, 3])
    #expect(Set(WeightOmission.heads(3, groups: 1, attention, norms)) == [2, 3, 5])
    #expect(Set(WeightOmission.heads(3, groups: 0, attention, norms)) == [5, 1, 2])
    #expect(WeightOmission.heads(4, groups: 1, attention, norms).count == 4)
  }

  @Test(arguments: [
    ("unstructured:0.5", [Omission.weights(share: 0.5)]), ("2:4", [.twoOfFour]),
    ("heads:0.5", [.heads(2, groups: 1)]), ("heads:0.25", [.heads(1, groups: 0)]),
    ("neurons:0.25", [.neurons(8)]), ("layers:0.5", [.layers(1)]),
    ("activations:0.8:gate", [.activations(share: 0.8)]), ("dense", []),
    ("neurons:0.25+2:4", [.neurons(8), .twoOfFour]),
  ])
  func whatASparsityLeavesOut(text: String, expected: [Omission]) throws {
    let sparsity = try #require(SparsityList.parse(text))
    let model = DecoderFixture().model
    #expect(sparsity.omissions(in: model) == expected)
    // As many heads, neurons and layers as the shapes that are priced.
    let left = sparsity.applied(to: model)
    for omission in expected {
      switch omission {
      case .layers(let gone): #expect(left.layers.count == model.layers.count - gone)
      case .neurons(let count):
        #expect(left.blocks["layer"]?.feedForward?.size == 32 - count)
      case .heads(let count, let groups):
        #expect(left.blocks["layer"]?.attention?.heads == 4 - count)
        #expect(left.blocks["layer"]?.attention?.kvHeads == 2 - groups)
      default: continue
      }
    }
  }

  /// The heads and neurons that give least go, ranked on a text.
  @Test func ranksAreThoseOfWhatIsGiven() throws {
    var fixture = DecoderFixture()
    fixture.layers = 1
    var weights = fixture.weights
    for row in 0..<24 {
      for column in 16..<32 { weights.layers[0].output.elements[row * 64 + column] *= 1e-3 }
      weights.layers[0].down.elements[row * 32 + 7] *= 1e-4
    }
    let test = try #require(
      TextTest(fixture.text(60), length: 20, count: 2, first: nil))
    var setting = fixture.setting
    let stay = try test.leaveOut(
      [.heads(1, groups: 0), .neurons(1)], of: &weights, &setting)
    #expect(stay == [0])
    let output = weights.layers[0].output
    #expect((0..<64).filter { output.norm(ofColumns: $0..<$0 + 1) == 0 } == Array(16..<32))
    let down = weights.layers[0].down
    #expect((0..<32).filter { down.norm(ofColumns: $0..<$0 + 1) == 0 } == [7])
  }

  /// The layer that changes least goes.
  @Test func layersGoByWhatTheyChange() throws {
    var fixture = DecoderFixture()
    fixture.layers = 3
    var weights = fixture.weights
    for index in weights.layers[1].down.elements.indices {
      weights.layers[1].down.elements[index] *= 0.01
    }
    for index in weights.layers[1].output.elements.indices {
      weights.layers[1].output.elements[index] *= 0.01
    }
    let test = try #require(TextTest(fixture.text(60), length: 20, count: 2, first: nil))
    var setting = fixture.setting
    let stay = try test.leaveOut([.layers(1)], of: &weights, &setting)
    #expect(stay == [0, 2] && weights.layers.count == 2)
  }
}
