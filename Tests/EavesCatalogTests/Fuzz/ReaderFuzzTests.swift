import Eaves
import EavesCatalog
import Testing

/// Damaged files: each is read, or refused in one line; none ends the program.
@Suite struct ReaderFuzzTests {
  private static let cases = 1500

  @Test(arguments: [UInt64(1), 2])
  func chips(seed: UInt64) throws {
    let texts = small(.chip)
    try fuzz(texts, seed: seed) { (bytes) throws(DataError) in
      _ = try Chip(parsing: bytes, file: "f.json")
    }
  }

  @Test(arguments: [UInt64(3)])
  func runtimes(seed: UInt64) throws {
    try fuzz(small(.runtime), seed: seed) { (bytes) throws(DataError) in
      _ = try Runtime(parsing: bytes, file: "f.json")
    }
  }

  @Test(arguments: [UInt64(4), 5])
  func models(seed: UInt64) throws {
    try fuzz(small(.model), seed: seed) { (bytes) throws(DataError) in
      _ = try Model(parsing: bytes, file: "f.json")
    }
  }

  @Test(arguments: [UInt64(6)])
  func figures(seed: UInt64) throws {
    let rows = Catalog.shipped.files(of: .evidence)[0].bytes.split(separator: 0x0A)
    // The whole table, again and again, takes long: a header and a few rows each.
    let texts = stride(from: 1, to: rows.count, by: 16).map { start in
      Array(([rows[0]] + rows[start..<min(start + 16, rows.count)]).joined(separator: [0x0A]))
    }
    try fuzz(texts, seed: seed) { (bytes) throws(DataError) in
      _ = try FigureReader.read(bytes, file: "f.json")
    }
  }

  /// The smaller half of the shipped files: as varied as the rest, and sooner read.
  private func small(_ kind: CatalogFile.Kind) -> [[UInt8]] {
    let texts = Catalog.shipped.files(of: kind).map(\.bytes).sorted { $0.count < $1.count }
    return Array(texts.prefix((texts.count + 1) / 2))
  }

  private func fuzz(
    _ texts: [[UInt8]], seed: UInt64, read: ([UInt8]) throws(DataError) -> Void
  ) throws {
    try #require(!texts.isEmpty)
    var mutator = Mutator(seed: seed)
    var refused = 0
    for number in 0..<Self.cases {
      let bytes = mutator.damaged(texts[number % texts.count])
      do {
        try read(bytes)
      } catch {
        refused += 1
        let message = error.description
        #expect(message.hasPrefix("f.json") && error.kind == .badData, "case \(number): \(message)")
        #expect(!message.utf8.contains { $0 < 0x20 }, "case \(number): \(message)")
      }
    }
    // Damage that nobody notices is rare, and a generator that damages nothing tests nothing.
    #expect(refused > Self.cases / 2)
  }
}
