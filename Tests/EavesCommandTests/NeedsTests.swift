import Foundation
import Testing

/// Faults of comparable tools that show in what is printed: one regression test each.
@Suite struct NeedsTests {
  @Test func cellsAreBareNumbersInBaseUnitsOrEmpty() throws {
    for name in ["kv-growth", "power-modes", "home-machine"] {
      let table = try Table(csv: eaves("sweep \(name)").output)
      for row in table.rows {
        for column in table.columns where !Contract.texts.contains(column) {
          let cell = row[column] ?? "?"
          let isNumber = cell.wholeMatch(of: /-?\d+(\.\d+)?([eE][-+]?\d+)?/) != nil
          #expect(cell.isEmpty || isNumber, "\(column): \(cell)")
        }
        #expect(["true", "false", ""].contains(row["fits"]), "\(row)")
      }
    }
  }

  @Test func wholeNumbersAreWrittenAsIntegers() throws {
    let line = "bound llama-2-7b --on nvidia-a100-sxm-80 --phase both --format csv"
    for row in try Table(csv: eaves(line).output).rows {
      for column in [
        "batch", "context_tokens", "new_tokens", "devices", "kv_cache_bytes", "matrix_flop",
        "weights_resident_bytes", "weight_bytes", "state_bytes",
      ] {
        #expect(row[column]?.wholeMatch(of: /\d+/) != nil, "\(column): \(row[column] ?? "")")
      }
    }
  }

  @Test(arguments: [
    ("bound llama-2-7b --on nvidia-a100", "nvidia-a100-sxm-80"),
    ("bound llama-2-7b --on rtx-4090-ti", "nvidia-rtx4090"),
    ("bound lama-2-7b --on rpi-5", "llama-2-7b"),
    ("bound llama-2-7b --on rpi-5 --runtime tensort-llm", "tensorrt-llm"),
    ("kv gemma3-27 --format csv", "gemma-3-27b"), ("sweep kv-growht", "kv-growth"),
  ])
  func anUnknownNameIsAnErrorWithTheNearestOnesNeverARowOfNothing(
    line: String, nearest: String
  ) throws {
    try eaves(line).expectRefusal(66, naming: [nearest], line)
  }

  @Test func throughputIsThatOfTheWholeBatch() throws {
    let line =
      "compare llama-2-7b --on nvidia-h200-sxm --across batch=1,8 --context 1k --format csv"
    for row in try Table(csv: eaves(line).output).rows {
      let (batch, latency) = (Double(row["batch"] ?? "") ?? 0, Double(row["latency_s"] ?? "") ?? 0)
      let rate = try #require(Double(row["tokens_per_s"] ?? ""))
      #expect(abs(rate * latency / batch - 1) < 1e-9, "\(row)")
      let energy = try #require(Double(row["energy_j"] ?? ""))
      let perToken = try #require(Double(row["energy_per_token_j"] ?? ""))
      #expect(abs(perToken * batch / energy - 1) < 1e-9, "\(row)")
    }
  }

  @Test func oneDeviceMayBeAskedFor() throws {
    let line = "bound llama-2-7b --on rpi-5 --format csv"
    let one = try eaves("\(line) --devices 1 --parallel none")
    one.expectSuccess()
    #expect(try one.output == eaves(line).output)
  }

  @Test(arguments: ["my-chip.json", "my-model.json", "my-study.json", "my-runtime.json"])
  func aKeyThatStandsTwiceIsRefused(name: String) throws {
    let place = try Sample.workplace()
    let text = try place.text(of: name)
    try place.write(
      text.replacing("\"schema\": 1,", with: "\"schema\": 1, \"schema\": 1,"), to: name)
    let line =
      name == "my-study.json"
      ? "sweep my-study.json" : "bound my-model.json --on my-chip.json --runtime my-runtime.json"
    try eaves(line, in: place).expectRefusal(65, naming: [name, "\"schema\"", "again"])
  }

  @Test func whatDoesNotFitIsAnAnswerWithoutATime() throws {
    let outcome = try eaves("bound llama-3.1-405b --on rpi-5 --format csv")
    outcome.expectSuccess()
    let row = try Table(csv: outcome.output).rows[0]
    #expect(row["fits"] == "false" && row["bound"] == "capacity")
    #expect(row["latency_s"] == "" && row["tokens_per_s"] == "" && row["energy_j"] == "")
    #expect(row["note"]?.contains("does not fit") == true)
  }

  @Test func aQuantisedCacheOrWeightIsSmallerByWhatItsBlocksTake() throws {
    let line = "bound llama-2-7b --on nvidia-a100-sxm-80 --format csv --weights"
    let f16 = try Table(csv: eaves("\(line) f16").output).rows[0]
    let q8 = try Table(csv: eaves("\(line) q8_0").output).rows[0]
    let bytes = try [f16, q8].map { try #require(Double($0["weight_bytes"] ?? "")) }
    // 34 bytes a block of 32 against 64; norms stay as they are.
    #expect(abs(bytes[1] / bytes[0] - 34 / 64) < 0.01)
  }
}
