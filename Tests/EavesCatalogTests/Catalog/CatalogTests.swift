import Eaves
import EavesCatalog
import Testing

@Suite struct CatalogTests {
  private let catalog = Catalog.shipped
  private let folder = TemporaryFolder()

  private func error(_ kind: CatalogFile.Kind, _ name: String) -> DataError? {
    do {
      _ = try catalog.file(kind, named: name)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["llama-3.1-8b", "LLAMA-3.1-8B", "meta-llama/llama-3.1-8b"])
  func findsByNameAndAlias(name: String) throws {
    let loaded = try catalog.model(named: name)
    #expect(loaded.value.id == "llama-3.1-8b")
    #expect(loaded.name == "llama-3.1-8b")
  }

  @Test func findsByPath() throws {
    let shipped = try catalog.file(.model, named: "gpt2-small")
    let path = folder.write(shipped.bytes, to: "mine.json")
    let loaded = try catalog.model(named: path)
    #expect(loaded.value.id == "gpt2-small")
    #expect(loaded.name == path)
    #expect(loaded.hash == shipped.hash)
  }

  @Test(arguments: [
    (
      CatalogFile.Kind.model, "lama-3.1-8b",
      "no model \"lama-3.1-8b\"; did you mean llama-3.1-8b? (eaves models list shows all)"
    ),
    (.model, "zzzz", "no model \"zzzz\"; eaves models list shows all"),
    (.model, "", "no model \"\"; eaves models list shows all"),
    (
      .runtime, "llama.cp",
      "no runtime \"llama.cp\"; did you mean llama.cpp? (eaves runtimes list shows all)"
    ),
    (
      .chip, "llama-3.1-8b",
      "no chip \"llama-3.1-8b\"; that is a model (eaves chips list shows all)"
    ),
    (.study, "zzzz", "no study \"zzzz\"; eaves studies list shows all"),
    (.chip, "a\nb", "no chip \"a\\nb\"; eaves chips list shows all"),
    (.model, "none.json", "none.json: no such file"),
    (.model, "./none", "./none: no such file"),
    (
      .model, "gpt2-small.json",
      "gpt2-small.json: no such file; did you mean the shipped model gpt2-small?"
    ),
  ])
  func suggests(kind: CatalogFile.Kind, name: String, message: String) {
    let error = error(kind, name)
    #expect(error?.description == message)
    #expect(error?.kind == .notFound)
  }

  @Test func tellsPathsFromNames() {
    #expect(Catalog.isPath("./chip"))
    #expect(Catalog.isPath("chip.json"))
    #expect(!Catalog.isPath("llama.cpp"))
  }

  @Test func hashesContent() {
    // The vectors of the FNV reference code.
    #expect(contentHash([]) == "cbf29ce484222325")
    #expect(contentHash("a".utf8) == "af63dc4c8601ec8c")
    #expect(contentHash("foobar".utf8) == "85944171f73967e8")
  }
}
