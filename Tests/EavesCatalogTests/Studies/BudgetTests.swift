import Eaves
import EavesCatalog
import Quantities
import Testing

/// Budgets of a study: which rows say that they break one, against the figures of the rows themselves.
@Suite struct BudgetTests {
  private static func rows(_ json: String) throws -> [ResultRow] {
    let study = try Study(parsing: Array(json.utf8), file: "mine.json")
    var rows: [ResultRow] = []
    try Sweep(axes: study.axes, baseline: study.baseline, budgets: study.budgets)
      .run(Resolver()) { rows.append($0) }
    return rows
  }

  private static func study(_ budgets: String, _ more: String = "") -> String {
    """
    {"schema": 1, "question": "Which?", "model": ["llama-3.2-1b", "llama-3.2-3b"],
      "chip": ["apple-a17pro", "nvidia-h100-sxm"], "weights": ["q4_k_m", "q8_0"], "context": "2k",
      "phase": ["prefill", "decode"]\(more), "budgets": {\(budgets)}}
    """
  }

  private static func breaks(_ row: ResultRow, _ budget: String) -> Bool {
    guard let at = row.note.firstRange(of: "over budget: ") else { return false }
    let list = row.note[at.upperBound...].prefix { $0 != ";" }
    return list.split(separator: ",").contains { $0.drop { $0 == " " } == budget }
  }

  /// Without a request the first token is that of a prefill step, the next one that of a decode step.
  @Test func timesToTokensAreJudgedByPhase() throws {
    let rows = try Self.rows(Self.study("\"ttft\": \"500 ms\", \"tpot\": \"20 ms\""))
    #expect(rows.count == 16)
    for row in rows {
      let isFirst = row.phase == .prefill
      #expect(Self.breaks(row, "TTFT") == (isFirst && row.cost.expected.value > 0.5))
      #expect(Self.breaks(row, "TPOT") == (!isFirst && row.cost.expected.value > 0.02))
    }
    #expect(rows.contains { Self.breaks($0, "TTFT") } && rows.contains { Self.breaks($0, "TPOT") })
    #expect(rows.contains { !$0.note.contains("over budget") })
  }

  /// With a request both are its own, in every row.
  @Test func timesToTokensOfARequestAreItsOwn() throws {
    let rows = try Self.rows(
      Self.study(
        "\"ttft\": \"500 ms\", \"tpot\": \"20 ms\"", ", \"prompt\": 2048, \"generate\": 64"))
    for row in rows {
      let request = try #require(row.request)
      #expect(Self.breaks(row, "TTFT") == (request.ttft.value > 0.5))
      #expect(Self.breaks(row, "TPOT") == (request.tpot.value > 0.02))
    }
  }

  /// 4 W is what the phone can go on drawing, 700 W what the board is made for.
  @Test func powerThatCannotGoOnIsSaid() throws {
    let rows = try Self.rows(Self.study("\"sustained\": true"))
    for row in rows {
      let watts = (row.cost.energy / row.cost.expected).value
      let limit = row.labels.chip == "apple-a17pro" ? 4.0 : 700
      #expect(Self.breaks(row, "sustained power") == (watts > limit), "\(row.labels) \(watts)")
    }
  }

  /// The limits of a benchmark are those of its table.
  @Test func limitsOfABenchmarkAreThoseOfItsTable() throws {
    let table = try LatencyLimits.shipped()
    #expect(table.count >= 3 && Set(table.map(\.id)).count == table.count)
    for limits in table {
      #expect(Catalog.shipped.names(of: .model).contains(limits.model))
      let json = Self.study("\"mlperf\": \"\(limits.id)\"")
      let budgets = try Study(parsing: Array(json.utf8), file: "mine.json").budgets
      #expect(budgets.ttft?.value == limits.ttft && budgets.tpot?.value == limits.tpot)
    }
    let interactive = try #require(table.first { $0.id == "llama2-70b-interactive" })
    #expect(interactive.ttft == 0.45 && interactive.tpot == 0.04 && interactive.isVerified)
  }

  @Test(arguments: [
    ("\"mlperf\": \"llama2-70b-interactiv\"", "llama2-70b-interactive"),
    ("\"mlperf\": \"llama2-70b-server\", \"ttft\": \"1 s\"", "remove one"),
    ("\"ttft\": \"450\"", "ttft"), ("\"sustained\": \"yes\"", "sustained"),
    ("\"tpott\": \"40 ms\"", "tpot"),
  ])
  func badBudgetsAreRefused(budgets: String, part: String) {
    do {
      _ = try Study(parsing: Array(Self.study(budgets).utf8), file: "mine.json")
      Issue.record("\(budgets) was read")
    } catch {
      #expect("\(error)".contains(part) && "\(error)".contains("budgets"), "\(error)")
    }
  }
}
