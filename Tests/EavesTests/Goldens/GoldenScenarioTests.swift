import Eaves
import Quantities
import Testing

/// The golden scenarios of the method (docs/method.md 1), from the emitted operations, to every digit
/// printed there.
///
/// Conventions: linear FLOPs include the router and exclude the head; weight bytes are all at 2 B, with
/// the head once and without the untied input embedding; exps are H·P and one an active feed-forward
/// unit. Two independent scripts computed the table.
@Suite struct GoldenScenarioTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let model: String
    let new: Int
    let cached: Int
    let batch: Int
    /// Linear FLOPs, attention FLOPs, head FLOPs, exps, weight bytes, KV bytes read, KV bytes written.
    let figures: [Double]

    init(_ model: String, _ new: Int, _ cached: Int, _ batch: Int, _ figures: Double...) {
      self.model = model
      self.new = new
      self.cached = cached
      self.batch = batch
      self.figures = figures
    }

    var testDescription: String { "\(model) S=\(new) n=\(cached) b=\(batch)" }
  }

  static let names = [
    "linear FLOPs", "attention FLOPs", "head FLOPs", "exps", "weight bytes", "KV read",
    "KV written",
  ]

  static let rows = [
    Row(
      "llama-2-7b", 2048, 0, 1,
      2.65257e13, 1.10005e12, 2.62144e8, 2.86995e9, 1.32147e10, 0, 1.07374e9),
    Row(
      "llama-2-7b", 1, 2048, 1,
      1.2952e10, 1.07427e9, 2.62144e8, 2.45043e6, 1.32147e10, 1.07374e9, 524288),
    Row(
      "llama-3.1-8b", 2048, 0, 1,
      2.85873e13, 1.10005e12, 1.05067e9, 3.08806e9, 1.50098e10, 0, 2.68435e8),
    Row(
      "llama-3.1-8b", 1, 8192, 1,
      1.39586e10, 4.29549e9, 1.05067e9, 8.84838e6, 1.50098e10, 1.07374e9, 131072),
    Row(
      "llama-3.1-8b", 1, 8192, 32,
      4.46677e11, 1.37456e11, 3.36215e10, 2.83148e8, 1.50098e10, 3.43597e10, 4.1943e6),
    Row(
      "mistral-7b-v0.1", 8192, 0, 1,
      1.14349e14, 1.31952e13, 2.62144e8, 2.953e10, 1.42213e10, 0, 1.07374e9),
    Row(
      "mistral-7b-v0.1", 1, 32767, 1,
      1.39586e10, 2.14748e9, 2.62144e8, 4.65306e6, 1.42213e10, 5.3674e8, 131072),
    Row(
      "gemma-3-27b", 1, 131071, 1,
      5.11967e10, 2.23473e10, 2.81857e9, 4.49802e7, 5.4018e10, 1.11731e10, 507904),
    Row(
      "mixtral-8x7b", 1, 4096, 1,
      2.5235e10, 2.14801e9, 2.62144e8, 5.11283e6, 2.54977e10, 5.36871e8, 131072),
    Row(
      "mixtral-8x7b", 1, 4096, 8,
      2.0188e11, 1.71841e10, 2.09715e9, 4.09027e7, 8.41138e10, 4.29497e9, 1.04858e6),
    Row(
      "gpt-oss-120b", 1, 32767, 1,
      9.10393e9, 9.70143e9, 1.15827e9, 3.83109e7, 1.02657e10, 1.2126e9, 73728),
    Row(
      "falcon-7b", 1, 2047, 1,
      1.32519e10, 1.19118e9, 5.90938e8, 5.23469e6, 1.38434e10, 1.6769e7, 8192),
    Row(
      "qwen2.5-0.5b", 512, 0, 1,
      3.66414e11, 1.12963e10, 2.72269e8, 1.03895e8, 9.88066e8, 0, 6.29146e6),
  ]

  /// Latent attention; the KV columns are of the latent alone.
  static let latentRows: [(row: Row, form: LatentAttentionShape.Form, isChosen: Bool)] = [
    (
      Row(
        "deepseek-v2-lite", 1, 8192, 1,
        4.48319e9, 7.70168e9, 4.1943e8, 3.84318e6, 4.90287e9, 2.54804e8, 31104), .absorbed, true
    ),
    (
      Row(
        "deepseek-v2-lite", 1, 8192, 1,
        9.32196e11, 2.2652e9, 4.1943e8, 3.84318e6, 4.90287e9, 2.54804e8, 31104), .expanded, false
    ),
    (
      Row(
        "deepseek-v3", 1, 8192, 1,
        7.13958e10, 1.39201e11, 1.85336e9, 6.50953e7, 7.32512e10, 5.75668e8, 70272), .absorbed,
      true
    ),
  ]

  @Test(arguments: rows, [Schedule.flash2, .flash1, .materialised])
  func everyColumnOfTheGoldenTableIsReproduced(row: Row, schedule: Schedule) throws {
    try check(row, try Shipped.sixteenBit(row.model, schedule: schedule))
  }

  @Test(arguments: latentRows, [Schedule.flash2, .flash1])
  func latentAttentionReproducesItsRowsInEitherForm(
    latent: (row: Row, form: LatentAttentionShape.Form, isChosen: Bool), schedule: Schedule
  ) throws {
    var model = try Shipped.model(latent.row.model)
    if latent.isChosen { try check(latent.row, Shipped.sixteenBit(model, schedule: schedule)) }
    model.fixLatentForm(latent.form)
    try check(latent.row, Shipped.sixteenBit(model, schedule: schedule))
  }

  private func check(_ row: Row, _ model: CompiledModel) throws {
    let step = Step(
      newTokens: row.new, cachedTokens: row.cached, logitTokens: 1, batch: row.batch)
    let counted = Self.figures(model.operations(step), row)
    #expect(row.figures.count == counted.count)
    for (name, (expected, got)) in zip(Self.names, zip(row.figures, counted)) {
      #expect(sixDigits(got) == expected, "\(name)")
    }
  }

  /// The columns, by operation id and operand role.
  static func figures(_ operations: [Operation], _ row: Row) -> [Double] {
    let linear: Set<Operation.ID> = [
      .qkv, .attentionOutput, .router, .gateUp, .down, .latentQuery, .latentKeyValue,
      .latentExpansion, .latentAbsorption,
    ]
    let attention: Set<Operation.ID> = [.attention, .scores, .softmax, .weightedSum]
    let tokenRows = row.batch * row.new
    // Softmax takes one exp a pair and one reciprocal a row; the table counts the exps.
    let softmaxExps = operations.sum([.attention, .softmax]) { operation in
      operation.work.special.value - Double(rows(of: operation, tokenRows: tokenRows))
    }
    let units = operations.sum([.activation]) { operation in
      guard case .pointwise(let elements) = operation.kind else { return .nan }
      return elements
    }
    return [
      operations.sum(linear) { $0.work.matrix.value },
      operations.sum(attention) { $0.work.matrix.value },
      operations.sum([.head]) { $0.work.matrix.value },
      softmaxExps + units,
      operations.filter { $0.id != .embedding }.bytes([.weights]),
      operations.bytes([.cacheRead]), operations.bytes([.cacheWrite]),
    ]
  }

  /// Rows of the score matrix: query heads times token rows.
  private static func rows(of operation: Operation, tokenRows: Int) -> Int {
    switch operation.kind {
    case .attention(let shape): Int(shape.heads) * tokenRows
    case .reduction(let rows, _): Int(rows)
    default: 0
    }
  }

  /// A number rounded to the six significant digits that the table prints.
  private func sixDigits(_ value: Double) -> Double {
    guard value > 0 else { return value }
    var exponent = 0
    while value / power(exponent) >= 1e6 { exponent += 1 }
    let digits = Int((value / power(exponent)).rounded())
    return Double("\(digits)e\(exponent)") ?? .nan
  }

  private func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }
}
