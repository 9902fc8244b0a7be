import Eaves
import EavesCatalog
import Quantities
import Testing

/// GGUF files against what `gguf-py` says of them.
@Suite struct GGUFModelTests {
  @Test(arguments: WeightFixture.headers)
  func everyByteIsAccountedFor(fixture: WeightFixture) throws {
    let folder = TemporaryFolder()
    let model = try Catalog.shipped.model(named: try fixture.file(in: folder)).value
    let account = try #require(model.stored?.account)
    #expect(account.fileBytes == fixture.fileBytes)
    #expect(account.headerBytes == fixture.headerBytes)
    #expect(account.tensors == fixture.tensors)
    #expect(account.weightBytes + account.otherBytes == fixture.tensorBytes)
    #expect(account.otherBytes == 0)
    #expect(account.accounted == fixture.fileBytes)
    let inventory = CompiledModel(model, Settings()).inventory
    #expect(inventory.weightBytes.value == Double(fixture.tensorBytes))
    #expect(inventory.parameters == Double(fixture.elements))
  }

  @Test(arguments: [
    ("llama-3.1-8b", "llama-3.1-8b", 64), ("smollm2-135m", "smollm2-135m", 0),
    ("qwen2.5-0.5b", "qwen2.5-0.5b", 0),
  ])
  func shapesAreThoseOfTheShippedModel(fixture: String, id: String, factors: Int) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(fixture)).file(in: folder)
    let read = try Catalog.shipped.model(named: file).value
    let shipped = try Catalog.shipped.model(named: id).value
    #expect(read.layers.count == shipped.layers.count)
    #expect(read.rotaryFactors == factors)
    #expect(read.maxContext == shipped.maxContext)
    var settings = Settings()
    settings.weights = "f16"
    let inventories = [read, shipped].map { CompiledModel($0, settings).inventory }
    #expect(inventories[0].parameters == inventories[1].parameters + Double(factors))
    let caches = [read, shipped].map {
      CompiledModel($0, settings).kvCacheBytes(tokens: 5000, batch: 2)
    }
    #expect(caches[0] == caches[1])
  }

  @Test(arguments: [
    ("gemma3", [512, 512, 512, 512, 512, nil, 512]), ("gemma2", [4096, nil, 4096, nil]),
    ("gpt-oss", [128, nil]), ("mistral", [4096, 4096]), ("qwen3", [nil, nil]),
  ])
  func windows(fixture: String, wanted: [Int?]) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(fixture)).file(in: folder)
    let model = try Catalog.shipped.model(named: file).value
    #expect(model.layers.map { model.blocks[$0]?.attention?.window } == wanted)
  }

  @Test func formatsAreThoseOfEachTensor() throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named("smollm2-135m")).file(in: folder)
    let model = try Catalog.shipped.model(named: file).value
    let scheme = model.publishedScheme
    func format(_ role: TensorRole, _ layer: Int) -> String {
      scheme.format(of: TensorPlace(role: role, layer: layer, layers: 30, rowLength: 576)).name
    }
    // Rows of 576 are no multiple of 256, those of 1536 are.
    #expect(format(.query, 0) == "q8_0")
    #expect(format(.down, 0) == "q4_k")
    #expect(format(.down, 1) == "q6_k")
    #expect(format(.norm, 3) == "f32")
    #expect(scheme.name.split(separator: "+").contains("q8_0"))
  }

  @Test func anotherSchemeReplacesWhatIsStored() throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named("llama-3.1-8b")).file(in: folder)
    let read = try Catalog.shipped.model(named: file).value
    let shipped = try Catalog.shipped.model(named: "llama-3.1-8b").value
    var settings = Settings()
    settings.weights = "q4_k_m"
    let bytes = [read, shipped].map { CompiledModel($0, settings).inventory.weightBytes.value }
    #expect(bytes[0] == bytes[1] + 256)
  }

  @Test func wholeFile() throws {
    let path = WeightFixture.path("tiny.gguf")
    let fixture = try #require(WeightFixture.named("tiny"))
    let loaded = try Catalog.shipped.model(named: path)
    let model = loaded.value
    #expect(model.id == "tiny")
    #expect(model.stored?.account.weightBytes == fixture.tensorBytes)
    #expect(model.stored?.account.accounted == fixture.fileBytes)
    #expect(
      CompiledModel(model, Settings()).inventory.weightBytes.value == Double(fixture.tensorBytes))
    #expect(loaded.hash.count == 16)
  }
}
