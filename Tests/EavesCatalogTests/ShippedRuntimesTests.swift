import Eaves
import EavesCatalog
import Testing

/// What must hold of every shipped runtime; a new profile is tested by being there.
@Suite struct ShippedRuntimesTests {
  /// Counted in the file itself, so that no constant is forgotten.
  @Test(arguments: Catalog.shipped.names(of: .runtime))
  func listsEveryUnverifiedFigure(name: String) throws {
    let runtime = try Catalog.shipped.runtime(named: name).value
    let bytes = try Catalog.shipped.file(.runtime, named: name).bytes
    let written = String(decoding: bytes, as: UTF8.self).ranges(of: "\"verified\": false").count
    #expect(runtime.profiles.flatMap(\.unverifiedFigures).count == written)
  }
}
