import Eaves
import EavesCatalog
import Quantities
import Testing

/// The bytes of shipped models in llama.cpp's file types, against the rules written down a second time by the names
/// of tensors (`mixture` in `Fixtures/weights/make.py`).
@Suite struct FileTypeTests {
  private struct Row: CustomStringConvertible, Sendable {
    let model: String
    let type: String
    let bytes: Int

    var description: String { "\(model) \(type)" }
  }

  private static let rows: [Row] = {
    guard let bytes = try? FileReader.read(path: WeightFixture.path("mixtures.csv")) else {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",").map(String.init)
      return Row(model: cells[0], type: cells[1], bytes: Int(cells[2]) ?? -1)
    }
  }()

  private static let models = Set(rows.map(\.model)).sorted()

  @Test(arguments: models)
  func bytesOfTheTensors(id: String) throws {
    let model = try Catalog.shipped.model(named: id).value
    let rows = Self.rows.filter { $0.model == id }
    #expect(rows.count >= 19)
    // What is in files alone: a table of frequency factors; the first layer's mix of values, in 16 bits.
    let further = ["llama-3.1-8b": 256, "rwkv7-0.4b": 4 * 1024 + 2 * 2 * 64 * 1024][id] ?? 0
    for row in rows {
      var settings = Settings()
      settings.weights = row.type
      let bytes = CompiledModel(model, settings).inventory.weightBytes.value
      #expect(Int(bytes.rounded()) == row.bytes - further, "\(row)")
    }
  }
}
