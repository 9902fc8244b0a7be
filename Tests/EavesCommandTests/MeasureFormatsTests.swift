import Foundation
import Testing

/// `eaves formats measure` on a file of every simple block format.
@Suite struct MeasureFormatsTests {
  static let file: String = {
    let target = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(target)/EavesCatalogTests/Fixtures/weights/tiny.gguf"
  }()

  private func measure(_ options: String) throws -> Outcome {
    try eaves("formats measure \(Self.file) \(options)")
  }

  @Test func errorsStandBesideBytes() throws {
    let outcome = try measure("--formats q8_0,q5_1,q4_0,binary/128+f16 --rows all --format csv")
    #expect(outcome.code == 0)
    let table = try Table(csv: outcome.output)
    #expect(
      table.columns == [
        "model", "weights", "formats", "tensors", "measured_weights", "bits_per_weight",
        "weight_error_ratio", "output_error_ratio", "worst_weight_error_ratio", "worst_tensor",
        "weights_resident_bytes",
      ])
    #expect(table.rows.map { $0["weights"] } == ["q8_0", "q5_1", "q4_0", "binary/128+f16"])
    #expect(table.rows.allSatisfy { $0["tensors"] == "7" && $0["measured_weights"] == "36864" })
    let errors = table.rows.compactMap { Double($0["weight_error_ratio"] ?? "") }
    let bytes = table.rows.compactMap { Double($0["weights_resident_bytes"] ?? "") }
    #expect(errors.count == 4 && zip(errors, errors.dropFirst()).allSatisfy { $0 < $1 })
    #expect(bytes.count == 4 && zip(bytes, bytes.dropFirst()).allSatisfy { $0 > $1 })
    // The file is quantised: what it lost before is not measured.
    #expect(outcome.error.contains("held against weights as stored in"))
  }

  @Test func theSumIsThatOfTheTensors() throws {
    let all = try Table(csv: measure("--formats q4_1 --rows all --format csv").output)
    let each = try Table(csv: measure("--formats q4_1 --rows all --format csv --by-tensor").output)
    #expect(each.rows.count == 7)
    let weights = each.rows.compactMap { Int($0["measured_weights"] ?? "") }.reduce(0, +)
    #expect("\(weights)" == all.rows[0]["measured_weights"])
    let worst = each.rows.max {
      (Double($0["weight_error_ratio"] ?? "") ?? 0) < (Double($1["weight_error_ratio"] ?? "") ?? 0)
    }
    #expect(worst?["tensor"] == all.rows[0]["worst_tensor"])
    #expect(worst?["weight_error_ratio"] == all.rows[0]["worst_weight_error_ratio"])
  }

  @Test func costsOfAStepOnAChip() throws {
    let outcome = try measure("--formats q8_0,q4_0 --format json --on rpi-5")
    let document = try Document(outcome)
    #expect(document.rows.map { $0["chip"] as? String } == ["rpi-5", "rpi-5"])
    #expect(try document.number(0, "latency_s") > 0)
    let product = try document.number(1, "tokens_per_s") * document.number(1, "latency_s")
    #expect(abs(product - 1) < 1e-12)
  }

  @Test func outputToAFile() throws {
    let place = Workplace()
    let outcome = try eaves(
      [
        "formats", "measure", Self.file, "--formats", "q8_0", "--format", "csv", "--output",
        "out.csv",
      ],
      in: place)
    #expect(outcome.code == 0 && outcome.bytes.isEmpty)
    #expect(try Table(csv: place.text(of: "out.csv")).rows.count == 1)
  }

  @Test(arguments: [
    ("--formats nope", 64, "--formats"), ("--formats q8_0,,q4_0", 64, "--formats"),
    ("--rows 0", 64, "--rows"), ("--rows x", 64, "--rows"), ("--format yaml", 64, "--format"),
    ("--formats q8_1", 66, "q8_1"), ("--on nochip", 66, "nochip"),
    ("--output /nowhere/x.csv", 73, "/nowhere/x.csv"),
  ])
  func refusals(options: String, code: Int, part: String) throws {
    let outcome = try measure(options)
    #expect(outcome.code == Int32(code), "\(outcome.error)")
    #expect(outcome.error.contains(part))
    #expect(outcome.bytes.isEmpty)
  }

  @Test func whatIsNoModel() throws {
    let outcome = try eaves("formats measure /nowhere/m.gguf")
    outcome.expectRefusal(66, naming: ["/nowhere/m.gguf", "no such file"])
  }
}
