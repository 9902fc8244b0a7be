/// The table of llama.cpp file types: after `src/llama-quant.cpp`.
enum LlamaCppFileTypes {
  static let all: [LlamaCppMixture] = [
    type("q5_k_s", "q5_k"),
    type("q4_k_s", "q4_k", [([.value], .firstFour, "q5_k"), ([.down], .firstEighth, "q5_k")]),
    type("q5_k_m", "q5_k", [([.value, .down], .more, "q6_k")]),
    type("q4_k_m", "q4_k", [([.value, .down], .more, "q6_k")]),
    type("q3_k_s", "q3_k"),
    type(
      "q3_k_m", "q3_k",
      [
        ([.value], .firstTwo, "q5_k"), ([.value, .attentionOutput], .all, "q4_k"),
        ([.down], .firstSixteenth, "q5_k"), ([.down], .all, "q4_k"),
      ]),
    type("q3_k_l", "q3_k", [([.value, .attentionOutput, .down], .all, "q5_k")]),
    type(
      "q2_k", "q2_k", [([.value], .all, "q4_k"), ([.attentionOutput, .down], .all, "q3_k")],
      separate: "q3_k"),
    type(
      "q2_k_s", "q2_k", [([.value], .all, "q4_k"), ([.down], .firstEighth, "q4_k")],
      separate: "q2_k"),
    type(
      "iq4_xs", "iq4_xs", [([.value], .all, "q5_k"), ([.down], .firstEighth, "q5_k")],
      separate: "iq4_xs"),
    type(
      "iq4_nl", "iq4_nl", [([.value], .all, "q5_k"), ([.down], .firstEighth, "q5_k")],
      separate: "iq4_nl"),
    type("iq3_s", "iq3_s", [([.value], .all, "q4_k")], separate: "iq3_s"),
    type(
      "iq3_m", "iq3_s",
      [([.value, .attentionOutput], .all, "q4_k"), ([.down], .firstEighth, "q4_k")]),
    type("iq2_s", "iq2_xs", two, output: "q5_k", embedding: "iq3_s", separate: "iq3_s"),
    type("iq2_m", "iq2_s", two, output: "q5_k", embedding: "iq3_s", separate: "iq3_s"),
    type("iq2_xxs", "iq2_xxs", low, output: "q5_k", embedding: "q2_k", separate: "q2_k"),
    type("iq2_xs", "iq2_xs", low, output: "q5_k", embedding: "q2_k", separate: "q2_k"),
    type("iq1_s", "iq1_s", low + one, output: "q5_k", embedding: "q2_k", separate: "q2_k"),
    type("iq1_m", "iq1_m", low + one, output: "q5_k", embedding: "q2_k", separate: "q2_k"),
    type(
      "iq3_xxs", "iq3_xxs",
      [
        ([.value], .all, "q4_k"), ([.query, .key], .all, "iq2_s"),
        ([.attentionOutput], .all, "iq3_s"),
      ], output: "q5_k", embedding: "iq3_s", separate: "iq3_xxs"),
    type(
      "iq3_xs", "iq3_s",
      [
        ([.value], .all, "q4_k"), ([.query, .key], .all, "iq3_xxs"),
        ([.gate, .up], .middle, "iq3_xxs"),
      ], separate: "iq3_s"),
    experts,
  ]

  /// Experts in MXFP4, everything else in Q8_0: the type of gpt-oss.
  private static let experts: LlamaCppMixture = {
    let rest = format("q8_0")
    var mixture = LlamaCppMixture(
      name: "mxfp4_moe", base: rest, output: rest, embedding: rest, exceptions: [])
    mixture.stacked = try? NumberFormat(parsing: "mxfp4")
    return mixture
  }()

  private typealias Row = (roles: Set<TensorRole>, layers: LlamaCppMixture.Layers, format: String)

  private static let low: [Row] = [([.value], .all, "q4_k"), ([.down], .firstEighth, "q2_k")]
  private static let one: [Row] = [([.attentionOutput], .all, "iq2_xxs")]
  private static let two: [Row] = [
    ([.value], .all, "q4_k"), ([.attentionOutput], .all, "iq3_s"),
    ([.down], .firstEighth, "iq3_s"),
  ]

  /// Types whose attention outputs are Q5_K beside eight experts.
  private static let raised: Set<String> = [
    "q2_k", "q3_k_s", "q3_k_m", "q4_k_s", "q4_k_m", "iq3_xxs", "iq3_xs", "iq3_s", "iq3_m", "iq4_xs",
    "iq4_nl",
  ]

  private static func type(
    _ name: String, _ base: String, _ exceptions: [Row] = [], output: String = "q6_k",
    embedding: String? = nil, separate: String? = nil
  ) -> LlamaCppMixture {
    var mixture = LlamaCppMixture(
      name: name, base: format(base), output: format(output), embedding: format(embedding ?? base),
      exceptions: exceptions.map {
        .init(roles: $0.roles, layers: $0.layers, format: format($0.format))
      }, separateValue: separate.map { format($0) })
    mixture.falcon = falcon(mixture)
    if name == "iq3_m" {
      mixture.exceptions.append(
        .init(roles: [.down], layers: .more, format: format("q4_k"), isForEightExperts: true))
    }
    let entries = format(mixture.isBelowThreeBits ? "q4_k" : "q8_0")
    let isRaised = mixture.isBelowThreeBits || raised.contains(name)
    mixture.besideEightExperts = [
      .key: entries, .value: entries, .attentionOutput: format(isRaised ? "q5_k" : base),
    ]
    return mixture
  }

  /// Down projections and attention outputs of Falcon, where they have rules of their own.
  private static let falconRows: [String: [Row]] = [
    "q3_k_m": [([.down], .firstSixteenth, "q5_k"), ([.down], .more, "q4_k")],
    "q3_k_l": [([.down, .attentionOutput], .all, "q4_k")],
    "q4_k_m": [([.down], .firstSixteenth, "q6_k"), ([.down], .more, "q5_k")], "q4_k_s": [],
  ]

  /// The exceptions of a Falcon: none for attention outputs but in the smallest i-quants.
  private static func falcon(_ mixture: LlamaCppMixture) -> [LlamaCppMixture.Exception] {
    let own = falconRows[mixture.name]
    let usual = mixture.exceptions.map { exception in
      var roles = exception.roles
      if !mixture.isBelowThreeBits { roles.remove(.attentionOutput) }
      if own != nil { roles.remove(.down) }
      return LlamaCppMixture.Exception(
        roles: roles, layers: exception.layers, format: exception.format)
    }
    return usual
      + (own ?? []).map { .init(roles: $0.roles, layers: $0.layers, format: format($0.format)) }
  }

  /// A test reads the whole table and fails if a name in it is no ggml format.
  private static func format(_ name: String) -> NumberFormat {
    GGMLFormats.named(name)
      ?? NumberFormat(name: "unknown:\(name)", blockBits: .nan, multiply: .f16)
  }
}

extension WeightScheme {
  /// The names of the llama.cpp file types that mix formats.
  public static var mixtureNames: [String] { LlamaCppMixture.all.map(\.name) }
}
