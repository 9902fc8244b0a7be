import Eaves
import EavesCatalog
import Testing

/// Every shipped file reads, and its names are its own.
@Suite struct ShippedFilesTests {
  @Test(arguments: Catalog.shipped.names(of: .chip))
  func readsChip(name: String) throws {
    let chip = try Catalog.shipped.chip(named: name).value
    #expect(chip.id == name)
    for alias in chip.aliases {
      #expect(try Catalog.shipped.file(.chip, named: alias).name == name, "alias \(alias)")
    }
    if let runtime = chip.defaultRuntime {
      #expect(try Catalog.shipped.runtime(named: runtime).value.id == runtime)
    }
  }

  @Test(arguments: Catalog.shipped.names(of: .runtime))
  func readsRuntime(name: String) throws {
    let runtime = try Catalog.shipped.runtime(named: name).value
    #expect(runtime.id == name)
    for alias in runtime.aliases {
      #expect(try Catalog.shipped.file(.runtime, named: alias).name == name, "alias \(alias)")
    }
    #expect(runtime.profiles.last?.families == ["*"], "the last profile serves every chip")
  }

  @Test(arguments: Catalog.shipped.names(of: .model))
  func readsModel(name: String) throws {
    let model = try Catalog.shipped.model(named: name).value
    #expect(model.id == name)
    for alias in model.aliases {
      #expect(try Catalog.shipped.file(.model, named: alias).name == name, "alias \(alias)")
    }
  }
}
