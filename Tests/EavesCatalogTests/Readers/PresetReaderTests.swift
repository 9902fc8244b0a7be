import Eaves
import EavesCatalog
import Testing

/// Preset files that are wrong give one line with the place and the remedy.
@Suite struct PresetReaderTests {
  static let text = """
    {
      "schema": 1,
      "id": "mine",
      "name": "Mine",
      "summary": "A window of my own.",
      "sets": { "pattern": "window:128" },
      "trained_in": false,
      "source": "nobody"
    }
    """

  @Test func whatIsLeftOutHasDefaults() throws {
    let preset = try Preset(parsing: Array(Self.text.utf8), file: "mine.json")
    #expect(preset.values == [.pattern: "window:128"])
    #expect(preset.aliases.isEmpty && preset.notes.isEmpty)
    #expect(preset.technique.equation == "--pattern window:128")
    #expect(preset.technique.conditions.isEmpty)
  }

  @Test(arguments: [
    ("\"summary\"", "\"sumary\"", ["mine.json:5", "\"sumary\"", "\"summary\""]),
    ("\"pattern\"", "\"patern\"", ["mine.json:6", "sets", "\"patern\"", "\"pattern\""]),
    ("window:128", "window:0", ["sets.pattern", "window:0", "window:TOKENS"]),
    ("window:128", "window:128,causal", ["sets", "one"]),
    ("\"pattern\": \"window:128\"", "", ["sets", "at least one option"]),
    ("\"pattern\": \"window:128\"", "\"model\": \"llama-2-7b\"", ["sets.model", "--model"]),
    ("\"pattern\": \"window:128\"", "\"context\": \"8k\"", ["sets.context", "--context"]),
    ("\"schema\": 1", "\"schema\": 2", ["schema", "2"]),
    ("\"id\": \"mine\"", "\"id\": \"Not An Id\"", ["id", "Not An Id"]),
    (",\n  \"source\": \"nobody\"", "", ["source"]),
    ("\"trained_in\": false,", "", ["\"trained_in\"", "true or false"]),
  ])
  func aFaultIsNamedWithItsPlaceAndRemedy(old: String, new: String, parts: [String]) throws {
    let text = Self.text.replacing(old, with: new)
    #expect(text != Self.text)
    let error = try #require(throws: DataError.self) {
      _ = try Preset(parsing: Array(text.utf8), file: "mine.json")
    }
    for part in parts { #expect(error.description.contains(part), "\(part): \(error)") }
    #expect(!error.description.contains("\n"))
  }
}
