import Eaves
import EavesReport
import Quantities
import Testing

@testable import EavesCatalog

/// Searches against a sweep of the same grid, filtered and compared by its rows.
@Suite struct SearchTests {
  /// A grid, its budgets, and what is searched for.
  struct Sample: Sendable, CustomStringConvertible {
    var study: String
    var names: [String]
    var objectives: [Objective] { names.compactMap { Objective(parsing: $0) } }
    var description: String { study }
  }

  static let samples: [Sample] = [
    Sample(
      study: """
        {"schema": 1, "question": "q", "model": ["llama-3.2-1b", "qwen2.5-7b", "bert-base", "mamba-1.4b"],
        "chip": ["apple-m2-max-38", "rpi-5"], "weights": ["f16", "q4_k_m"], "kv": ["f16", "q8_0"],
        "phase": "both", "batch": [1, 4], "context": ["512", "8k"],
        "budgets": {"latency": "50 ms", "memory": "2 GB"}}
        """, names: ["latency_s", "weights_resident_bytes:more"]),
    Sample(
      study: """
        {"schema": 1, "question": "q", "model": ["llama-3.1-8b", "mixtral-8x7b"],
        "chip": ["nvidia-a100-sxm-80", "nvidia-t4"], "weights": ["q4_k_m", "q2_k"],
        "experts": ["resident", "lru:2", "lru:4:zipf=1.0"],
        "decoding": ["autoregressive", "speculative:layers=8:gamma=best:alpha=0.7"],
        "batch": "1..64", "context": ["1k", "4k"], "runtime": ["ideal", "llama.cpp"],
        "budgets": {"energy": "2 J"}}
        """, names: ["tokens_per_s", "energy_per_token_j", "context_tokens"]),
    Sample(
      study: """
        {"schema": 1, "question": "q", "model": ["llama-3.2-1b", "t5-small", "vit-b-16-224"],
        "chip": ["nvidia-orin-nano-8", "nvidia-agx-orin-64"], "weights": ["int8"], "activations": ["int8"],
        "kv": ["int8"], "cache": ["full", "sinks:4+252", "h2o:0.2"], "context": "256..4k",
        "devices": [1, 2], "parallel": "tensor", "budgets": {"power": "12 W"}}
        """, names: ["latency_lower_s", "mfu_ratio", "devices", "main_memory_bytes"]),
    Sample(
      study: """
        {"schema": 1, "question": "q", "model": "llama-3.2-1b", "chip": "apple-m2-max-38",
        "context": "64..2k", "batch": "1..8", "weights": "q8_0"}
        """,
      names: [
        "footprint_bytes", "kv_cache_bytes", "weights_resident_bytes", "energy_j",
        "latency_upper_s:less", "matrix_flop",
      ]),
    Sample(
      study: """
        {"schema": 1, "question": "q", "model": ["llama-3.2-1b", "qwen2.5-0.5b"], "chip": "rpi-5",
        "shape": {"layers": [4, 8, 16], "hidden_size": "512..1k", "heads": [8, 14], "kv_heads": [2, 8]},
        "context": "1k", "weights": ["q8_0", "q4_0"], "budgets": {"latency": "60 ms"}}
        """, names: ["latency_s", "weights_resident_bytes:more"]),
  ]

  private func found(_ sample: Sample, threads: Int) throws -> (Search, Search.Findings) {
    let study = try Study(parsing: Array(sample.study.utf8), file: "s.json")
    let search = Search(Sweep(study), objectives: sample.objectives, threads: threads)
    return (search, try search.run(Resolver()))
  }

  @Test(arguments: samples) func aSearchFindsWhatASweepHas(sample: Sample) throws {
    let (search, findings) = try found(sample, threads: 3)
    let sweep = search.sweep
    var rows: [(row: ResultRow, place: Int)] = []
    let refused = try sweep.runPlaces(Resolver()) { rows.append(($0, $1)) }
    let met = rows.filter { sweep.budgets.allow($0.row) && !$0.row.note.contains("over budget") }
    // The numbers as the columns have them.
    let columns = try sample.objectives.map { objective in
      try #require(ResultColumns.all.first { $0.name == objective.column.rawValue })
    }
    func point(_ row: ResultRow) -> [Double]? {
      var point: [Double] = []
      for (column, objective) in zip(columns, sample.objectives) {
        switch column.value(row) {
        case .number(let value): point.append(objective.wantsMore ? -value : value)
        case .integer(let value):
          point.append(objective.wantsMore ? -Double(value) : Double(value))
        default: return nil
        }
      }
      return point
    }
    let points = met.compactMap { entry in point(entry.row).map { ($0, entry.place) } }
    let best = points.filter { candidate in
      !points.contains { other in
        other.0 != candidate.0 && zip(other.0, candidate.0).allSatisfy { $0 <= $1 }
      }
    }.map(\.1)
    #expect(findings.front == best)
    #expect(findings.counts.met == met.count && !met.isEmpty)
    #expect(findings.counts.searched == rows.count)
    #expect(
      Set(findings.refused.map { "\($0.error) \($0.count)" })
        == Set(refused.map { "\($0.error) \($0.count)" }))
    #expect(best.count < points.count || points.count < 3)
    // The rows of the front are those of the sweep.
    var shown: [String] = []
    try search.rows(at: findings.front, Resolver()) { shown.append(Self.text($0)) }
    #expect(shown == rows.filter { best.contains($0.place) }.map { Self.text($0.row) })
    // One thread finds the same.
    let alone = try found(sample, threads: 1).1
    #expect(alone.front == findings.front && alone.counts == findings.counts)
  }

  private static func text(_ row: ResultRow) -> String {
    OutputFormat.csv.document(of: [row], columns: ResultColumns.all).text
  }

  /// A budget of quality is held by rows of which something is published; a token's time by the tokens of a round.
  @Test func budgetsOfQualityAndOfATokenAreThoseOfTheRow() throws {
    func search(_ budgets: String, _ decoding: String, _ objectives: [String]) throws -> [ResultRow]
    {
      let study = try Study(
        parsing: Array(
          """
          {"schema": 1, "question": "q", "model": "llama-1-7b", "chip": "nvidia-a100-sxm-80",
          "weights": ["f16", "q8_0", "q6_k", "q4_k_m", "q3_k_m", "q2_k"], "decoding": "\(decoding)",
          "context": "1k", "budgets": {\(budgets)}}
          """.utf8), file: "s.json")
      let search = Search(
        Sweep(study), objectives: objectives.compactMap { Objective(parsing: $0) }, threads: 2)
      let resolver = Resolver()
      var rows: [ResultRow] = []
      try search.rows(at: search.run(resolver).front, resolver) { rows.append($0) }
      return rows
    }
    let all = try search("", "autoregressive", ["quality_loss_ratio", "footprint_bytes"])
    let losses = all.compactMap { $0.labels.quality?.loss }
    #expect(losses.count == all.count && losses.count > 1)
    let most = try #require(losses.sorted().dropLast().last)
    let few = try search(
      "\"quality\": \"\(most)\"", "autoregressive", ["quality_loss_ratio", "footprint_bytes"])
    #expect(few.count == all.filter { ($0.labels.quality?.loss ?? 0) <= most }.count)
    #expect(few.count < all.count)
    let drafts = "speculative:draft=tinyllama-1.1b:gamma=4:alpha=0.8"
    let rounds = try search("", drafts, ["footprint_bytes:more"])
    let round = try #require(rounds.first)
    let each = round.cost.expected.value / round.tokens
    let met = try search("\"tpot\": \"\(each * 1.001) s\"", drafts, ["footprint_bytes:more"])
    #expect(met.first?.labels.weights == round.labels.weights)
    let missed = try search("\"tpot\": \"\(each * 0.999) s\"", drafts, ["footprint_bytes:more"])
    #expect(missed.first?.labels.weights != round.labels.weights)
  }

  /// What is called hopeless before any step has no step that fits.
  @Test func whatIsHopelessNeverFits() throws {
    let resolver = Resolver()
    for (model, chip, memory) in [
      ("llama-3.1-70b", "nvidia-t4", nil), ("llama-3.1-8b", "nvidia-h200-sxm", Bytes(4e9)),
      ("llama-3.2-1b", "rpi-5", nil),
    ] as [(String, String, Bytes?)] {
      var plan = try resolver.plan([.model: model, .chip: chip])
      let isHopeless = plan.isHopeless(memory: memory)
      #expect(isHopeless == (model != "llama-3.2-1b"))
      for context in [1, 128, 8192] {
        let outcome = plan.outcome(plan.settings.step.with(context: context), memory: memory)
        #expect((outcome == nil) == isHopeless)
      }
    }
  }

  /// One failing configuration ends the search with its error, on any thread.
  @Test(arguments: [1, 4]) func aFailureEndsIt(threads: Int) throws {
    let study = try Study(
      parsing: Array(
        """
        {"schema": 1, "question": "q", "model": "llama-3.2-1b", "chip": ["rpi-5", "watch-class-256k"],
        "power_mode": ["nonsense"]}
        """.utf8), file: "s.json")
    let search = Search(Sweep(study), objectives: [Objective(.latency)], threads: threads)
    #expect(throws: PlanError.self) { try search.run(Resolver()) }
  }

  @Test(arguments: [
    ("[\"latency\"]", "s.json:1:83: objectives: \"latency\" is nothing to search by"),
    ("[\"note\"]", "is nothing to search by"), ("[\"latency_s:most\"]", "is nothing to search by"),
  ])
  func anUnknownObjectiveIsRefused(list: String, expected: String) {
    let text = """
      {"schema": 1, "question": "q", "model": "llama-3.2-1b", "chip": "rpi-5", "objectives": \(list)}
      """
    let said = message { () throws(DataError) in
      _ = try Study(parsing: Array(text.utf8), file: "s.json")
    }
    #expect(said?.contains(expected.hasPrefix("s.json") ? "objectives" : expected) == true)
  }
}
