import Foundation
import Testing

/// `eaves search` against `eaves sweep` of the same study, filtered by hand.
@Suite struct SearchTests {
  private static let study = """
    {"schema": 1, "question": "What meets the budgets?", "model": ["llama-3.2-1b", "qwen2.5-3b"],
    "chip": ["apple-m2-max-38", "rpi-5"], "weights": ["f16", "q4_k_m"], "context": ["512", "4k"],
    "batch": [1, 4], "baseline": {"weights": "f16"},
    "budgets": {"latency": "60 ms", "memory": "4 GB"},
    "objectives": ["tokens_per_s", "footprint_bytes"]}
    """

  @Test func itFindsWhatASweepHas() throws {
    let place = Workplace()
    try place.write(Self.study, to: "s.json")
    let rows = try Table(csv: eaves("sweep s.json", in: place).output).rows
    func number(_ row: [String: String], _ column: String) -> Double {
      Double(row[column] ?? "") ?? .nan
    }
    let met = rows.filter {
      $0["fits"] != "false" && number($0, "latency_s") <= 0.06
        && number($0, "footprint_bytes") <= 4e9
    }
    func isBetter(_ one: [String: String], _ other: [String: String]) -> Bool {
      let fast = (number(one, "tokens_per_s"), number(other, "tokens_per_s"))
      let small = (number(one, "footprint_bytes"), number(other, "footprint_bytes"))
      return fast.0 >= fast.1 && small.0 <= small.1 && (fast.0 > fast.1 || small.0 < small.1)
    }
    let best = met.filter { row in !met.contains { isBetter($0, row) } }
    #expect(!best.isEmpty && best.count < met.count && met.count < rows.count)

    let search = try eaves("search s.json", in: place)
    #expect(search.code == 0)
    let found = try Table(csv: search.output)
    #expect(found.columns.last == "is_pareto")
    #expect(found.rows.map { $0.filter { $0.key != "is_pareto" } } == best)
    #expect(found.rows.allSatisfy { $0["is_pareto"] == "true" })
    let summary = search.error
    #expect(summary.contains("\(rows.count) configurations in "), "\(summary)")
    #expect(summary.contains(" a second: \(met.count) meet the budgets, \(best.count) of them"))

    let all = try Table(csv: eaves("search s.json --all --threads 1", in: place).output).rows
    #expect(all.map { $0.filter { $0.key != "is_pareto" } } == met)
    #expect(all.filter { $0["is_pareto"] == "true" }.count == best.count)
  }

  @Test func objectivesOfTheCommandLineComeFirst() throws {
    let place = Workplace()
    try place.write(Self.study, to: "s.json")
    let one = try Table(csv: eaves("search s.json --pareto footprint_bytes", in: place).output).rows
    #expect(one.count == 1 && one[0]["weights"] == "q4_k_m" && one[0]["batch"] == "1")
    let most = try Table(
      csv: eaves("search s.json --pareto footprint_bytes:more", in: place).output
    ).rows
    #expect(most.count == 1 && most[0]["batch"] == "4")
    let document = try Document(eaves("search s.json --format json", in: place))
    #expect(document.rows.allSatisfy { $0["is_pareto"] as? Bool == true })
  }

  @Test func whereNothingMeetsTheBudgetsThereAreNoRowsAndAReason() throws {
    let place = Workplace()
    let study = Self.study.replacingOccurrences(of: "60 ms", with: "1 ns")
    try place.write(study, to: "s.json")
    for line in ["search s.json", "search s.json --all"] {
      let none = try eaves(line, in: place)
      #expect(none.code == 0)
      #expect(try Table(csv: none.output).rows.isEmpty)
      #expect(none.error.contains("none meets the budgets"))
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    let place = Workplace()
    try place.write(Self.study, to: "s.json")
    for (line, code, parts) in [
      ("search s.json --pareto latency", 64, ["--pareto", "\"latency\"", "latency_s"]),
      ("search s.json --pareto latency_s,,", 64, ["--pareto", "\"\""]),
      ("search s.json --threads 0", 64, ["--threads", "0"]),
      ("search nowhere.json", 66, ["nowhere.json"]),
      ("search best-under", 66, ["best-under-50-ms"]),
    ] as [(String, Int32, [String])] {
      try eaves(line, in: place).expectRefusal(code, naming: parts, line)
    }
    for (old, new, code, parts) in [
      ("\"tokens_per_s\"", "\"tokens\"", 65, ["objectives", "\"tokens\""]),
      ("\"rpi-5\"", "\"rpi-55\"", 66, ["rpi-5"]),
      (
        "\"question\"", "\"decoding\": \"speculative:draft=gone:gamma=2:alpha=0.5\", \"question\"",
        66, ["gone"]
      ),
      ("\"question\"", "\"experts\": \"lru:2:trace=gone.csv\", \"question\"", 66, ["gone.csv"]),
    ] as [(String, String, Int32, [String])] {
      try place.write(Self.study.replacingOccurrences(of: old, with: new), to: "bad.json")
      try eaves("search bad.json", in: place).expectRefusal(code, naming: parts, new)
    }
  }
}
