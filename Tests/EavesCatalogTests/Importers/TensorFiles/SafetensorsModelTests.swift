import Eaves
import EavesCatalog
import Quantities
import Testing

/// Safetensors against what the package of that name wrote.
@Suite struct SafetensorsModelTests {
  private func place(_ folder: TemporaryFolder, config: String? = nil) throws -> String {
    let config =
      try config.map { Array($0.utf8) }
      ?? FileReader.read(path: WeightFixture.path("tiny.config.json"))
    folder.write(config, to: "config.json")
    return folder.write(
      try FileReader.read(path: WeightFixture.path("tiny.safetensors")), to: "model.safetensors")
  }

  @Test(arguments: [false, true])
  func everyByteIsAccountedFor(byFolder: Bool) throws {
    let folder = TemporaryFolder()
    let file = try place(folder)
    let fixture = try #require(WeightFixture.named("tiny-st"))
    let model = try Catalog.shipped.model(named: byFolder ? folder.path : file).value
    let account = try #require(model.stored?.account)
    #expect(account.fileBytes == fixture.fileBytes)
    #expect(account.headerBytes == fixture.headerBytes)
    #expect(account.weightBytes == fixture.tensorBytes)
    #expect(account.accounted == fixture.fileBytes)
    let inventory = CompiledModel(model, Settings()).inventory
    #expect(inventory.weightBytes.value == Double(fixture.tensorBytes))
    #expect(inventory.parameters == Double(fixture.elements))
    #expect(model.stored?.name == "f16+f32")
  }

  @Test func shards() throws {
    let folder = TemporaryFolder()
    _ = try place(folder)
    let names = try WeightFiles(path: folder.path).tensors.map(\.name)
    let entries = names.map { "\"\($0)\": \"a.safetensors\"" }.joined(separator: ", ")
    folder.write(
      try FileReader.read(path: WeightFixture.path("tiny.safetensors")), to: "a.safetensors")
    folder.write("{\"weight_map\": {\(entries)}}".utf8, to: "model.safetensors.index.json")
    let model = try Catalog.shipped.model(named: folder.path).value
    #expect(model.stored?.account.weightBytes == WeightFixture.named("tiny-st")?.tensorBytes)
    folder.write(
      "{\"weight_map\": {\(entries), \"more\": \"a.safetensors\"}}".utf8,
      to: "model.safetensors.index.json")
    #expect(
      message { () throws(DataError) in _ = try Catalog.shipped.model(named: folder.path) }?
        .contains("is not in") == true)
  }

  @Test(arguments: [
    ("\"hidden_size\": 64", "\"hidden_size\": 32", "the shapes of the model make"),
    ("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2", "the shapes that it states make"),
    ("\"vocab_size\": 40", "\"vocab_size\": 41", "the shapes of the model make 2624"),
  ])
  func shapesThatContradict(old: String, new: String, problem: String) throws {
    let folder = TemporaryFolder()
    let text = String(
      decoding: try FileReader.read(path: WeightFixture.path("tiny.config.json")), as: UTF8.self)
    let file = try place(folder, config: text.replacing(old, with: new))
    let found = message { () throws(DataError) in _ = try Catalog.shipped.model(named: file) }
    #expect(found?.contains(problem) == true, "\(found ?? "read")")
  }

  @Test func withoutConfiguration() throws {
    let folder = TemporaryFolder()
    let file = folder.write(
      try FileReader.read(path: WeightFixture.path("tiny.safetensors")), to: "model.safetensors")
    let found = message { () throws(DataError) in _ = try Catalog.shipped.model(named: file) }
    #expect(found?.contains("put the model's config.json beside them") == true)
  }
}
