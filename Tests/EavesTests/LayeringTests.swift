import Foundation
import Testing

/// The direction of imports: nothing points back, and the core needs no Foundation and no C library.
@Suite struct LayeringTests {
  /// What each target may import of ours, and of others.
  private static let allowed: [String: Set<String>] = [
    "Quantities": [],
    "Eaves": ["Quantities"],
    "EavesBlocks": ["Eaves"],
    "EavesCatalog": [
      "Quantities", "Eaves", "EavesBlocks", "Synchronization", "Glibc", "Musl", "Darwin",
    ],
    "EavesReport": ["Quantities", "Eaves"],
    "EavesKernels": [
      "Quantities", "Eaves", "EavesBlocks", "COpenBLAS", "Synchronization", "Foundation", "Glibc",
      "Darwin",
    ],
    "EavesCommand": [
      "Quantities", "Eaves", "EavesCatalog", "EavesReport", "ArgumentParser", "Foundation",
      "Glibc", "Musl", "Darwin",
    ],
    "EavesKernelsCommand": [
      "Quantities", "Eaves", "EavesBlocks", "EavesCatalog", "EavesReport", "EavesKernels",
      "ArgumentParser", "Foundation", "Glibc", "Musl", "Darwin",
    ],
  ]

  /// The folders of `Sources`; those of C libraries hold no Swift.
  private static let targets: [String] = {
    let url = Sources.root.appending(path: "Sources")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []
    return names.filter { (try? Sources.files(in: $0).isEmpty) == false }.sorted()
  }()

  @Test func theTargetsOfTheDesignAreThere() {
    #expect(
      Set(Self.targets).isSuperset(of: [
        "Quantities", "Eaves", "EavesBlocks", "EavesCatalog", "EavesReport", "EavesKernels",
        "EavesCommand", "EavesKernelsCommand",
      ]))
  }

  @Test(arguments: targets)
  func aTargetImportsOnlyWhatIsBelowIt(target: String) throws {
    let allowed = try #require(Self.allowed[target], "say here what \(target) may import")
    for file in try Sources.files(in: target) {
      let imports = Self.imports(of: file.text)
      #expect(imports.isSubset(of: allowed), "\(target)/\(file.path)")
    }
  }

  /// The rules that a change of the table above must not bend.
  @Test func theCoreHasNoFoundationAndOnlyTheKernelsHaveOpenBLAS() throws {
    for target in Self.targets {
      let imports = try Sources.files(in: target).reduce(into: Set<String>()) {
        $0.formUnion(Self.imports(of: $1.text))
      }
      if ["Quantities", "Eaves", "EavesBlocks", "EavesCatalog", "EavesReport"].contains(target) {
        #expect(imports.isDisjoint(with: ["Foundation", "FoundationEssentials"]), "\(target)")
      }
      if !target.hasPrefix("EavesKernels") {
        #expect(imports.isDisjoint(with: ["COpenBLAS", "EavesKernels"]), "\(target)")
      }
      #expect(!imports.contains { $0.hasSuffix("Command") }, "\(target)")
    }
  }

  @Test func importsAreReadWithTheirModifiers() {
    let text = """
      // import Commented
      public import Eaves
      internal import Quantities
      @preconcurrency import Foundation
      @_exported public import EavesReport
      #if os(Linux)
        import Glibc
      #endif
      import struct Darwin.timeval
      let text = "import Quoted"
      """
    #expect(
      Self.imports(of: text) == [
        "Eaves", "Quantities", "Foundation", "EavesReport", "Glibc", "Darwin",
      ])
  }

  /// The modules that a text imports.
  private static func imports(of text: String) -> Set<String> {
    let kinds: Set<Substring> = [
      "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
    let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    var modules: Set<String> = []
    for line in text.split(separator: "\n") {
      var words = line.split(separator: " ")[...]
      while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) {
        words = words.dropFirst()
      }
      guard words.first == "import" else { continue }
      words = words.dropFirst()
      if let word = words.first, kinds.contains(word) { words = words.dropFirst() }
      guard let module = words.first?.split(separator: ".").first else { continue }
      modules.insert(String(module))
    }
    return modules
  }
}
