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
    #expect(account.accounted == fixture.fileBytes)
    let inventory = CompiledModel(model, Settings()).inventory
    #expect(inventory.weightBytes.value == Double(account.weightBytes))
    let unused = Self.unused[fixture.name] ?? (0, 0)
    #expect(account.others.count == unused.tensors)
    #expect(inventory.parameters == Double(fixture.elements - unused.elements))
    #expect(account.otherBytes > 0 || unused.tensors == 0)
  }

  /// What files hold and no pass reads: tensors, and their elements.
  private static let unused: [String: (tensors: Int, elements: Int)] = [
    // One matrix beside its two halves; a layer that predicts further tokens.
    "deepseek-v3": (23, 16_777_216 + 11_610_068_224),
    // Keys and values of ten layers that read those of others.
    "gemma-3n-e2b-text": (30, 10 * (2 * 512 * 2048 + 256)),
    // A layer that predicts further tokens, with tables of its own.
    "glm4moe": (25, 3_616_573_824),
    // Dense layers behind the pooling.
    "gemma-embedding": (2, 2 * 3072 * 768),
    // The mix of values in the first layer.
    "rwkv7-0.4b": (3, 1024 + 2 * 64 * 1024),
  ]

  @Test(arguments: [
    ("llama-3.1-8b", 64), ("smollm2-135m", 0), ("qwen2.5-0.5b", 0), ("deepseek-v2-lite", 0),
    ("mamba-130m", 0), ("mamba2-130m", 0), ("jamba-v0.1", 0), ("falcon-h1-0.5b", 0),
    ("lfm2-1.2b", 0), ("gemma-3n-e2b-text", 0), ("rwkv6-1.6b", 0), ("rwkv7-0.4b", 0),
    ("qwen3-next-80b-a3b", 0), ("kimi-linear-48b-a3b", 0), ("t5-small", 0),
    // The files of BERT leave out the pooler.
    ("bert-base", -768 * 769),
  ])
  func shapesAreThoseOfTheShippedModel(id: String, difference: Int) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(id)).file(in: folder)
    let read = try Catalog.shipped.model(named: file).value
    let shipped = try Catalog.shipped.model(named: id).value
    #expect(read.layers.count == shipped.layers.count)
    #expect(read.encoderLayers.count == shipped.encoderLayers.count)
    #expect(read.rotaryFactors == max(0, difference))
    #expect(read.maxContext == shipped.maxContext && read.kind == shipped.kind)
    #expect(read.family == shipped.family)
    var settings = Settings()
    settings.weights = "f16"
    let models = [read, shipped].map { CompiledModel($0, settings) }
    #expect(
      models[0].inventory.parameters == models[1].inventory.parameters + Double(difference))
    let caches = models.map { $0.kvCacheBytes(tokens: 5000, batch: 2) }
    #expect(caches[0] == caches[1])
    #expect(models[0].stateBytes(batch: 2) == models[1].stateBytes(batch: 2))
    // The same work: a prompt, and one more token.
    for (new, cached) in [(300, 0), (1, 4000)] where read.kind != .encoder || cached == 0 {
      let step = Step(
        newTokens: new, cachedTokens: cached, sourceTokens: 100, logitTokens: 1, batch: 2,
        isCausal: read.kind.isCausal)
      let works = models.map { Self.work(of: $0, step) }
      #expect(works[0].keys.sorted() == works[1].keys.sorted())
      for (operation, work) in works[1] where operation != "pooler" {
        let found = try #require(works[0][operation])
        for (own, other) in zip(found, work) {
          #expect(abs(own - other) <= 1e-9 * other, "\(operation): \(own), not \(other)")
        }
      }
    }
  }

  /// Matrix, lane and special work of each operation of a step.
  private static func work(of model: CompiledModel, _ step: Step) -> [String: [Double]] {
    var buffer = OperationBuffer()
    model.emit(step, into: &buffer)
    var sums: [String: [Double]] = [:]
    for operation in buffer.operations where operation.id != .pooler {
      let work = operation.work
      let own = [work.matrix.value, work.vector.value, work.special.value]
      let sum = sums["\(operation.id)"] ?? [0, 0, 0]
      sums["\(operation.id)"] = zip(sum, own).map { $0 + operation.repeats * $1 }
    }
    return sums
  }

  /// A model that gguf-py has split; its first file holds metadata alone.
  @Test func shards() throws {
    let folder = TemporaryFolder()
    var bytes = 0
    func name(_ number: Int) -> String { "shards-0000\(number)-of-00004.gguf" }
    for number in 1...4 {
      let shard = try FileReader.read(path: WeightFixture.path(name(number)))
      bytes += shard.count
      folder.write(shard, to: name(number))
    }
    let first = "\(folder.path)/\(name(1))"
    let model = try Catalog.shipped.model(named: first).value
    let account = try #require(model.stored?.account)
    #expect(account.files == 4 && account.tensors == 11)
    #expect(account.fileBytes == bytes && account.accounted == bytes)
    #expect(
      CompiledModel(model, Settings()).inventory.weightBytes.value == Double(account.weightBytes))
    // Another than the first, and one that is missing.
    let second = message { () throws(DataError) in
      _ = try Catalog.shipped.model(named: "\(folder.path)/\(name(2))")
    }
    #expect(second?.contains("the 2. of 4 files; name the first of them") == true)
    let alone = TemporaryFolder()
    let path = alone.write(try FileReader.read(path: first), to: name(1))
    let missing = message { () throws(DataError) in _ = try Catalog.shipped.model(named: path) }
    #expect(missing?.contains("\(name(2)): no such file") == true)
    let renamed = alone.write(try FileReader.read(path: first), to: "model.gguf")
    let unnamed = message { () throws(DataError) in _ = try Catalog.shipped.model(named: renamed) }
    #expect(unnamed?.contains("but its name does not say which") == true)
  }

  @Test func layersThatDifferFromEachOther() throws {
    let folder = TemporaryFolder()
    func layers(_ name: String) throws -> [Block] {
      let file = try #require(WeightFixture.named(name)).file(in: folder)
      let model = try Catalog.shipped.model(named: file).value
      return model.layers.compactMap { model.blocks[$0] }
    }
    let open = try layers("openelm")
    #expect(open.map { $0.attention?.heads } == [12, 12, 16])
    #expect(open.map { $0.feedForward?.size } == [768, 1024, 1280])
    let deci = try layers("deci")
    #expect(deci.map { $0.attention?.kvHeads } == [8, nil, 16])
    #expect(deci.map { $0.feedForward?.size } == [5376, 10_752, nil])
    // Heads of keys and values that go by the window; wide layers with neither attention nor states.
    let mimo = try layers("mimo2")
    #expect(mimo.map { $0.attention?.kvHeads } == [4, 4, 2])
    #expect(mimo.map { $0.attention?.hasSinks } == [true, true, false])
    #expect(mimo.allSatisfy { $0.attention?.headSize == 192 && $0.attention?.valueHeadSize == 128 })
    let nemotron = try layers("nemotron_h")
    #expect(nemotron.map { $0.feedForward?.size } == [nil, 15_680, nil, 15_680])
    #expect(nemotron.map(\.mixers.count) == [1, 0, 0, 0])
    // Arctic's dense part is what every token uses beside the experts.
    #expect(try layers("arctic").allSatisfy { $0.feedForward?.sharedSize == 7168 && $0.norms == 3 })
    #expect(try layers("afmoe").allSatisfy { $0.attention?.hasOutputGate == true })
    #expect(try layers("bitnet").allSatisfy { $0.extraNormSizes == [6912] && $0.norms == 3 })
    let jamba = try layers("jamba-v0.1")
    #expect(jamba.map { $0.attention != nil } == (0..<32).map { $0 % 8 == 4 })
    #expect(jamba.map { $0.feedForward?.experts } == (0..<32).map { $0 % 2 == 1 ? 16 : 0 })
  }

  @Test(arguments: [
    ("command-r", true), ("cohere2", true), ("phi2", true), ("falcon", true), ("granite", false),
    ("gptneox", true), ("stablelm", true), ("bloom", false),
  ])
  func parallelParts(fixture: String, isParallel: Bool) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(fixture)).file(in: folder)
    let model = try Catalog.shipped.model(named: file).value
    #expect(model.blocks.values.allSatisfy { $0.isParallel == isParallel })
  }

  @Test(arguments: [
    ("gemma3", [512, 512, 512, 512, 512, nil, 512]), ("gemma2", [4096, nil, 4096, nil]),
    ("gpt-oss", [128, nil]), ("mistral", [4096, 4096]), ("qwen3", [nil, nil]),
    ("cohere2", [1024, 1024, 1024, nil, 1024, 1024, 1024, nil]),
    ("afmoe", [2048, 2048, 2048, nil]), ("mimo2", [128, 128, nil]),
  ])
  func windows(fixture: String, wanted: [Int?]) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(fixture)).file(in: folder)
    let model = try Catalog.shipped.model(named: file).value
    #expect(model.layers.map { model.blocks[$0]?.attention?.window } == wanted)
  }

  /// Encoders see half of a window on each side.
  @Test(arguments: [
    ("modern-bert", [nil, "local:64", "local:64", nil]),
    ("gemma-embedding", [String?](repeating: "local:256", count: 5) + [nil, "local:256"]),
  ])
  func windowsOfEncoders(fixture: String, wanted: [String?]) throws {
    let folder = TemporaryFolder()
    let file = try #require(WeightFixture.named(fixture)).file(in: folder)
    let model = try Catalog.shipped.model(named: file).value
    #expect(model.kind == .encoder)
    #expect(model.layers.map { model.blocks[$0]?.attention?.pattern } == wanted)
    #expect(model.blocks.values.allSatisfy { $0.attention?.window == nil })
    let step = Step(newTokens: 300, cachedTokens: 0, logitTokens: 0, batch: 1, isCausal: false)
    let work = Self.work(of: CompiledModel(model, Settings()), step)
    #expect(work.values.allSatisfy { $0.allSatisfy(\.isFinite) })
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
