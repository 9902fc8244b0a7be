import Foundation

/// Faults that hands put into study files.
enum StudyFaults {
  private static let values =
    Vocabulary.words.filter { !$0.contains("\n") && $0.utf8.count < 100 }.map { "\"\($0)\"" } + [
      "null", "true", "0", "-1", "1e999", "[]", "{}", "[[1]]", "[\"f16\", \"f16\"]", "1.5",
      "\"\\u0000\"", "\"\\ud800\"", "\"\\n\"", "NaN", "01", "'x'",
    ]

  private static let keys = [
    "weights", "kv", "activations", "context", "batch", "prompt", "generate", "phase", "pattern",
    "schedule", "cache", "power-mode", "power_mode", "devices", "runtime", "columns", "baseline",
    "budgets", "question", "schema", "model", "chip", "nonsense",
  ]

  /// A study with one to three faults, most of which leave it valid JSON.
  static func spoiled(_ text: String, _ random: inout SplitMix64) -> String {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &random) { text = faulty(text, &random) }
    return text
  }

  private static func faulty(_ text: String, _ random: inout SplitMix64) -> String {
    let value = values.randomElement(using: &random) ?? ""
    let key = keys.randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return text.replacing("\"schema\": 1,", with: "\"schema\": 1, \"\(key)\": \(value),")
    case 1:
      return text.replacing(
        "\"schema\": 1,", with: "\"schema\": 1, \"\(key)\": [\(value), \"f16\"],")
    case 2:
      return text.replacing(
        "\"schema\": 1,", with: "\"schema\": 1, \"baseline\": { \"\(key)\": \(value) },")
    case 3:
      let amounts = ["\"1 ms\"", "\"1 GiB\"", "\"0 s\"", "\"-1 W\"", "\"1\"", value]
      let names = ["latency", "memory", "power", "energy", key]
      let amount = amounts.randomElement(using: &random) ?? ""
      let name = names.randomElement(using: &random) ?? ""
      return text.replacing(
        "\"schema\": 1,", with: "\"schema\": 1, \"budgets\": { \"\(name)\": \(amount) },")
    case 4, 5: return replacingString(text, with: value, &random)
    case 6:
      let characters = Array(text)
      let cut = Int.random(in: 0..<characters.count, using: &random)
      return String(characters[..<cut] + characters[min(characters.count, cut + 3)...])
    default:
      var characters = Array(text)
      let place = Int.random(in: 0...characters.count, using: &random)
      let marks: [Character] = ["{", "}", "[", "]", "\"", ",", ":", "\\", "0", "-", "\u{1}", "é"]
      characters.insert(marks.randomElement(using: &random) ?? ",", at: place)
      return String(characters)
    }
  }

  /// Replaces one of the strings of a text.
  private static func replacingString(
    _ text: String, with value: String, _ random: inout SplitMix64
  ) -> String {
    let strings = text.matches(of: /"[^"]*"/)
    guard let string = strings.randomElement(using: &random) else { return text }
    return text.replacingCharacters(in: string.range, with: value)
  }
}
