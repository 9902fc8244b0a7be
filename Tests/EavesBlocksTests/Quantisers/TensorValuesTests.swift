import EavesCatalog
import Testing

@testable import EavesBlocks

/// Values of tensors as the formats' own packages read them.
@Suite struct TensorValuesTests {
  private static var folder: String {
    let target = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(target)/EavesCatalogTests/Fixtures/weights"
  }

  /// Sums that `gguf.quants.dequantize` and `safetensors` give (`make.py`).
  @Test func valuesAreThoseOfThePackages() throws {
    let text = String(
      decoding: try FileReader.read(path: "\(Self.folder)/tiny-values.csv"), as: UTF8.self)
    let lines = text.split(separator: "\n").dropFirst()
    #expect(lines.count == 22)
    for line in lines {
      let cells = line.split(separator: ",").map(String.init)
      let files = try WeightFiles(path: "\(Self.folder)/\(cells[0])")
      let tensor = try #require(files.tensors.first { $0.name == cells[1] })
      #expect(tensor.type == cells[2])
      let bytes = try files.bytes(of: tensor, 0..<tensor.bytes)
      let values = try #require(TensorValues.read(bytes, as: tensor.type))
      #expect(values.count == Int(cells[3]))
      let size = values.reduce(0.0) { $0 + Double($1.magnitude) }
      let weighted = values.enumerated().reduce(0.0) {
        $0 + Double($1.element) * Double(($1.offset + 1) % 97)
      }
      let expected = try #require(Double(cells[4]))
      #expect(abs(size - expected) <= 1e-6 * expected, "\(tensor.name)")
      #expect(abs(weighted - (Double(cells[5]) ?? .nan)) <= 1e-4 * expected, "\(tensor.name)")
    }
  }

  @Test(arguments: ["i32", "u8", "iq2_xs", ""])
  func otherTypesAreNotRead(type: String) {
    #expect(TensorValues.read([0, 0, 0, 0], as: type) == nil)
  }

  @Test func partsOfValuesAreNotRead() {
    #expect(TensorValues.read([1, 2, 3], as: "f16") == nil)
    #expect(TensorValues.read([1, 2, 3], as: "q4_0") == nil)
    #expect(TensorValues.read([], as: "f32") == [])
  }
}
