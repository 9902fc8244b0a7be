import Eaves
import EavesCatalog
import Testing

/// Damaged configurations: each is read and can be compiled, or is refused in one line.
@Suite struct ImporterFuzzTests {
  private static let ids = [
    "bert-base", "falcon-40b", "gemma-3-27b", "gpt-oss-20b", "gpt2", "llama-3.1-8b",
    "qwen3-30b-a3b", "roberta-base",
  ]

  @Test(arguments: [UInt64(6), 7])
  func neverTraps(seed: UInt64) throws {
    var texts: [[UInt8]] = []
    for id in Self.ids { texts.append(try FileReader.read(path: ImporterFixture.path(id))) }
    texts += ImporterRecurrentTests.configurations.sorted { $0.key < $1.key }.map {
      Array($0.value.utf8)
    }
    var mutator = Mutator(seed: seed)
    var refused = 0
    for number in 0..<1500 {
      let bytes = mutator.damaged(texts[number % texts.count])
      do {
        let model = try Model(huggingFace: bytes, file: "f.json")
        let weights = WeightScheme(published: model.publishedFormat, groups: model.publishedGroups)
        let compiled = CompiledModel(
          model, ModelChoices(weights: weights, kv: .f16, activations: .f16))
        #expect(compiled.inventory.parameters > 0, "case \(number)")
      } catch {
        refused += 1
        let message = error.description
        #expect(message.hasPrefix("f.json") && error.kind == .badData, "case \(number): \(message)")
        #expect(!message.utf8.contains { $0 < 0x20 }, "case \(number): \(message)")
      }
    }
    #expect(refused > 500)
  }
}
