import Eaves
import EavesCatalog
import Testing

/// Files that are no model, or only a part of one: each is one line with a remedy.
@Suite struct WeightFileErrorTests {
  private func problem(_ bytes: [UInt8], _ name: String = "m.gguf") -> String? {
    let folder = TemporaryFolder()
    let path = folder.write(bytes, to: name)
    return message { () throws(DataError) in _ = try Catalog.shipped.model(named: path) }
  }

  private func tiny() throws -> [UInt8] {
    try FileReader.read(path: WeightFixture.path("tiny.gguf"))
  }

  @Test func otherFiles() throws {
    #expect(problem([])?.contains("the file ends at byte 0") == true)
    #expect(problem(Array("GGML".utf8))?.contains("does not begin with \"GGUF\"") == true)
    var swapped = try tiny()
    swapped.replaceSubrange(4..<8, with: [0, 0, 0, 3])
    #expect(problem(swapped)?.contains("big-endian") == true)
    swapped[7] = 99
    #expect(problem(swapped)?.contains("is not supported") == true)
  }

  @Test func incomplete() throws {
    let bytes = try tiny()
    #expect(problem(Array(bytes.dropLast()))?.contains("the file is incomplete") == true)
    #expect(problem(Array(bytes.prefix(500)))?.contains("the file ends at byte 500") == true)
  }

  @Test func anotherArchitecture() throws {
    let bytes = try tiny()
    let text = Array("llama".utf8)
    let place = try #require(
      (0..<bytes.count - 5).first { Array(bytes[$0..<$0 + 5]) == text && bytes[$0 + 5] != 0x2E })
    var other = bytes
    other.replaceSubrange(place..<place + 5, with: Array("clama".utf8))
    let found = problem(other)
    #expect(found?.contains("\"clama\" is not supported; supported are afmoe, arcee") == true)
    // "clip" is the projector of a model that sees.
    other.replaceSubrange(place - 8..<place, with: [4, 0, 0, 0, 0, 0, 0, 0])
    other.replaceSubrange(place..<place + 5, with: Array("clip".utf8))
    other.append(0)
    #expect(problem(other)?.contains("\"clip\" is a projector of pictures or sound") == true)
  }

  /// A GGUF file of metadata in texts, and nothing else.
  private func metadata(_ values: [(key: String, text: String)]) -> [UInt8] {
    func number(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func text(_ text: String) -> [UInt8] { number(text.utf8.count, 8) + Array(text.utf8) }
    var bytes = Array("GGUF".utf8) + number(3, 4) + number(0, 8) + number(values.count, 8)
    for value in values { bytes += text(value.key) + number(8, 4) + text(value.text) }
    return bytes
  }

  /// Adapters, projectors and importance matrices are files of the same kind.
  @Test(arguments: [
    (["general.architecture", "clip"], "\"clip\" is a projector of pictures or sound (mmproj)"),
    (["general.architecture", "llama", "general.type", "adapter"], "\"adapter\" is no model"),
    (["general.type", "imatrix"], "general.architecture: is missing"),
    (["general.architecture", "whatever"], "\"whatever\" is not supported; supported are"),
    (["general.architecture", "llama"], "llama.embedding_length: is missing"),
  ])
  func filesThatAreNoLanguageModel(words: [String], wanted: String) {
    let pairs = stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) }
    let found = problem(metadata(pairs))
    #expect(found?.contains(wanted) == true, "\(found ?? "nothing")")
    #expect(found?.contains("; ") == true, "a remedy")
  }

  /// Tensors that contradict the metadata, or that a layer lacks.
  @Test(arguments: [
    ("attn_k.weight", "attn_x.weight", "blk.0.attn_k.weight: there is no such tensor"),
    ("ffn_down.weight", "ffn_dawn.weight", "is no part of a llama that is known"),
    ("llama.attention.head_count_kv", "llama.attention.head_count_kx", "are not 4 heads of 16"),
  ])
  func contradictions(name: String, other: String, wanted: String) throws {
    var bytes = try tiny()
    let text = Array(name.utf8)
    let place = try #require(
      (0..<bytes.count - text.count).first { Array(bytes[$0..<$0 + text.count]) == text })
    bytes.replaceSubrange(place..<place + text.count, with: Array(other.utf8))
    let found = problem(bytes)
    #expect(found?.contains(wanted) == true, "\(found ?? "nothing")")
  }

  @Test func folderWithoutWeights() {
    let folder = TemporaryFolder()
    let found = message { () throws(DataError) in _ = try Catalog.shipped.model(named: folder.path)
    }
    #expect(found?.contains("is a folder without model.safetensors") == true)
  }

  @Test func noSuchFile() {
    let found = message { () throws(DataError) in
      _ = try Catalog.shipped.model(named: "/nowhere/m.gguf")
    }
    #expect(found == "/nowhere/m.gguf: no such file")
  }

  /// Damaged files: each is read, or refused in one line; none ends the program.
  @Test(arguments: [UInt64(11), 12, 13])
  func neverTraps(seed: UInt64) throws {
    let small = try tiny()
    let others = [
      "gpt-oss", "phi3", "gpt2", "deepseek-v3", "deci", "falcon-h1-0.5b", "t5-small",
    ].compactMap { WeightFixture.named($0) }
    var texts = [small, try FileReader.read(path: WeightFixture.path("tiny.safetensors"))]
    for fixture in others { texts.append(try fixture.header()) }
    var mutator = Mutator(seed: seed)
    var random = SplitMix64(state: seed)
    let folder = TemporaryFolder()
    folder.write(
      try FileReader.read(path: WeightFixture.path("tiny.config.json")), to: "config.json")
    var refused = 0
    for number in 0..<900 {
      let kind = number % texts.count
      var bytes = texts[kind]
      if number.isMultiple(of: 2) {
        // Lengths and counts of 64 bits are what readers trust most.
        let place = Int.random(in: 0..<min(bytes.count - 8, 900), using: &random)
        let values: [UInt64] = [.max, 1 << 63, 1 << 48, 1 << 32, 0]
        let value = values.randomElement(using: &random) ?? 0
        for byte in 0..<8 {
          bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))
        }
      } else {
        bytes = mutator.damaged(bytes)
      }
      let path = folder.write(bytes, to: kind == 1 ? "model.safetensors" : "m.gguf")
      do {
        _ = try Catalog.shipped.model(named: path)
      } catch {
        refused += 1
        let text = error.description
        #expect(text.hasPrefix("/tmp/") && error.kind == .badData, "case \(number): \(text)")
        #expect(!text.utf8.contains { $0 < 0x20 }, "case \(number): \(text)")
      }
    }
    #expect(refused > 300)
  }
}
