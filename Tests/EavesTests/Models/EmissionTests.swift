import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Parts that groups of layers share are emitted once; what is emitted stays the same.
@Suite struct EmissionTests {
  static let models = [
    "llama-3.1-8b", "gemma-3-27b", "gpt-oss-20b", "falcon-7b", "bert-base", "mobilebert",
    "mobilevit-s",
  ]

  /// A model in a mixture of formats, whose layers differ in some tensors.
  private static func compiled(_ name: String) throws -> CompiledModel {
    CompiledModel(
      try Shipped.model(name),
      ModelChoices(weights: try WeightScheme(parsing: "q4_k_m"), kv: .f16, activations: .f16))
  }

  /// Every part of every group, one after the other.
  private static func unmerged(_ model: CompiledModel, _ step: Step) -> [Operation] {
    var buffer = OperationBuffer()
    for part in model.before { part.emit(step, into: &buffer) }
    for group in model.groups {
      buffer.repeats = Double(group.count)
      for part in group.parts { part.emit(step, into: &buffer) }
    }
    buffer.repeats = 1
    for part in model.after { part.emit(step, into: &buffer) }
    return buffer.operations
  }

  @Test(arguments: models, [Step.encode(77, batch: 2), .decode(context: 5000, batch: 3)])
  func mergedPartsAreTheSameWork(name: String, step: Step) throws {
    let model = try Self.compiled(name)
    let merged = model.operations(step)
    let all = Self.unmerged(model, step)
    for id in Operation.ID.allCases {
      #expect(merged.sum([id]) { _ in 1 } == all.sum([id]) { _ in 1 }, "\(id) layers")
      for role in Operand.Role.allCases {
        let bytes = merged.filter { $0.id == id }.bytes([role])
        let expected = all.filter { $0.id == id }.bytes([role])
        #expect(abs(bytes - expected) <= 1e-12 * expected, "\(id) \(role)")
      }
      let flops = merged.sum([id]) { $0.work.matrix.value }
      let expected = all.sum([id]) { $0.work.matrix.value }
      #expect(abs(flops - expected) <= 1e-12 * expected, "\(id)")
    }
  }

  /// The layers of a Llama in q4_k_m differ in the values and in the second feed-forward product.
  @Test func onlyWhatDiffersIsEmittedTwice() throws {
    let ids = try Self.compiled("llama-3.1-8b").operations(.decode(context: 100)).map(\.id)
    #expect(ids.filter { $0 == .qkv }.count == 2)
    #expect(ids.filter { $0 == .down }.count == 2)
    #expect(ids.count == Set(ids).count + 2)
  }

  @Test(arguments: models)
  func bytesByRoleAreThoseOfTheOperands(name: String) throws {
    for operation in try Self.compiled(name).operations(.decode(context: 300)) {
      for role in Operand.Role.allCases {
        let sum = operation.usedOperands.filter { $0.role == role }
          .reduce(Bytes.zero) { $0 + $1.bytes }
        #expect(operation.bytes[role] == sum, "\(operation.id) \(role)")
      }
    }
  }
}
