import Eaves
import EavesCatalog
import Quantities
import Testing

/// Every shipped preset reads, and can be planned for a model and a chip that it is made for.
@Suite struct ShippedPresetsTests {
  static let names = Catalog.shipped.names(of: .preset)

  private static func preset(_ name: String) throws -> Preset {
    try Catalog.shipped.preset(named: name).value
  }

  @Test(arguments: names)
  func readsPreset(name: String) throws {
    let preset = try Self.preset(name)
    #expect(preset.id == name)
    #expect(!preset.name.isEmpty && preset.summary.hasSuffix(".") && !preset.source.isEmpty)
    // Lists of conditions are joined by semicolons.
    #expect(!preset.notes.contains { $0.contains("; ") })
    let file = try Catalog.shipped.file(.preset, named: name)
    #expect(String(decoding: file.bytes, as: UTF8.self).contains("/preset.schema.json\""))
    for alias in preset.aliases {
      #expect(try Catalog.shipped.file(.preset, named: alias).name == name, "alias \(alias)")
    }
  }

  @Test func noNameIsThatOfTwoPresetsOfHeadSharingOrOfAnotherTechnique() throws {
    let presets = try Self.names.map(Self.preset)
    let names = presets.flatMap { [$0.id] + $0.aliases }
    #expect(Set(names).count == names.count)
    for name in names { #expect(HeadSharing.parse(name) == nil && name != "model") }
    // A preset may have the name of what it sets, an alias may not: it would show both.
    let members = Set(TechniqueList.techniques.map(\.name))
    #expect(members.isDisjoint(with: presets.flatMap(\.aliases)))
    for preset in presets where members.contains(preset.id) {
      let words = preset.values.values.map { String($0.prefix { $0 != ":" }) }
      #expect(
        words.contains(preset.id), "\(preset.id) is something else than the member of its name")
    }
  }

  @Test(arguments: names)
  func everyValueParsesAndIsWrittenInItsOwnForm(name: String) throws {
    let preset = try Self.preset(name)
    let settings = try Settings(preset.values)
    if let text = preset.values[.pattern] { #expect(settings.pattern?.name == text) }
    if let text = preset.values[.cache] { #expect(settings.cache.name == text) }
    if let text = preset.values[.attention] { #expect(settings.attention?.name == text) }
    let changesKeys = settings.pattern?.isTrainedIn == true || settings.attention != nil
    // Weights of one or two values are learnt, not rounded.
    let isLearnt = ["ternary", "binary"].contains { settings.weights?.hasPrefix($0) == true }
    #expect(preset.isTrainedIn == (changesKeys || isLearnt))
  }

  /// A model that the preset is for.
  private static func model(for settings: Settings) -> String {
    if let pattern = settings.pattern, !pattern.isCausal { return "bert-base" }
    if settings.decoding != nil { return "llada-8b" }
    return settings.parallel == "expert" ? "mixtral-8x7b" : "llama-3.1-8b"
  }

  @Test(arguments: names)
  func itsPlanCompilesForAModelThatItIsMadeFor(name: String) throws {
    let preset = try Self.preset(name)
    let settings = try Settings(preset.values)
    var values: [Option: String] = [
      .model: Self.model(for: settings), .chip: "nvidia-a100-sxm-80", .attention: name,
    ]
    var plan = try Resolver().plan(values)
    #expect(plan.labels.attention == name)
    let row = plan.row(plan.settings.step)
    #expect(row.cost.expected.value > 0)
    values[.attention] = nil
    var spelt = try Resolver().plan(values.merging(preset.values) { $1 })
    #expect(spelt.row(plan.settings.step).cost.expected == row.cost.expected)
  }

  @Test func whatAConfigurationSetsItselfComesFirst() throws {
    let expanded = try Resolver().expanded([.attention: "streamingllm", .pattern: "causal"])
    #expect(expanded == [.pattern: "causal", .cache: "sinks:4+1020"])
  }
}
