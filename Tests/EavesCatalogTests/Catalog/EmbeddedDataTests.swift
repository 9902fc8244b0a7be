import EavesCatalog
import Testing

/// What is compiled in is what stands in the package's folders, byte for byte.
@Suite struct EmbeddedDataTests {
  private static let root = String(
    #filePath.dropLast("Tests/EavesCatalogTests/Catalog/EmbeddedDataTests.swift".count))

  @Test(arguments: CatalogFile.Kind.allCases)
  func equalsTheFiles(kind: CatalogFile.Kind) throws {
    for file in Catalog.shipped.files(of: kind) {
      #expect(try FileReader.read(path: Self.root + file.path) == file.bytes, "\(file.path)")
    }
  }

  @Test(arguments: CatalogFile.Kind.allCases)
  func isNamedAsItsFile(kind: CatalogFile.Kind) {
    for file in Catalog.shipped.files(of: kind) {
      let ending = kind == .evidence ? "csv" : "json"
      #expect(file.path.hasSuffix("/\(file.name).\(ending)"), "\(file.path)")
    }
  }

  @Test func holdsModelsAndRuntimes() {
    #expect(Catalog.shipped.names(of: .model).contains("llama-3.1-8b"))
    #expect(Catalog.shipped.names(of: .runtime).contains("ideal"))
  }
}
