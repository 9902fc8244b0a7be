/// In which order the parts of softmax attention are computed, and what is written in between.
public enum Schedule: String, Sendable, Hashable, CaseIterable {
  /// Scores and probabilities are written to memory and read back: 4Nd + 4N² elements a head.
  case materialised
  /// FlashAttention, Algorithm 1: outer loop over keys; queries and outputs travel once a key block.
  case flash1
  /// FlashAttention-2: outer loop over queries; keys and values travel once a query block.
  case flash2
  /// FlashAttention-2 with the keys of a single new token cut into parts that run beside each other; their
  /// results are merged by another kernel (flash-decoding).
  case splitKV = "split-kv"

  /// Whether attention weights are written where others can read them.
  public var handsOutProbabilities: Bool { self == .materialised }

  /// Rows of a query block and of a key block, where the chip's memory allows them.
  public static let tileRows = 128

  /// Keys of one part where they are split.
  static let splitKeys = 1024

  /// Parts that the keys of a step are cut into: one where there are several new tokens, or few keys.
  func parts(queries: Double, keys: Double) -> Double {
    guard self == .splitKV, queries == 1 else { return 1 }
    return max(1, (keys / Double(Self.splitKeys)).rounded(.up))
  }

  /// Rows and columns of the tiles that are executed whole; `nil` where scores are one product.
  var tileSide: Int? { self == .materialised ? nil : Self.tileRows }
}

extension Schedule {
  /// What each is.
  public static let techniques = allCases.map(\.technique)

  /// What it is, for `eaves techniques`.
  public var technique: Technique {
    switch self {
    case .materialised: Self.materialisedTechnique
    case .flash1: Self.flash1Technique
    case .flash2: Self.flash2Technique
    case .splitKV: Self.splitKVTechnique
    }
  }

  private static let materialisedTechnique = Technique(
    name: "materialised", axis: .schedule, form: "materialised",
    summary: "Scores and probabilities of all pairs are written to memory and read back.",
    equation: "4·N·d + 4·N² elements a head",
    conditions: [
      "The scores fit main memory: b·H·S·(n + S)·(ab + 4) bytes.",
      "Eager frameworks pass over the scores more often than the four times counted: 18 to 21 times "
        + "in training.",
    ],
    source: "Dao et al. 2022, FlashAttention, Algorithm 0 and Theorem 2")

  private static let flash1Technique = Technique(
    name: "flash1", axis: .schedule, form: "flash1",
    summary: "Blocks of keys outside, of queries inside: no score leaves the chip.",
    equation: "2·N·d + T_c·(3·N·d + 4·N) elements a head, T_c = ⌈N/B_c⌉; N² + 2·N·T_c exps",
    conditions: [
      "A tile fits on the chip: 2·B_r·d + 2·B_c·d + B_r·B_c elements.",
      "Results are those of attention, up to rounding.",
    ],
    source: "Dao et al. 2022, FlashAttention, Algorithm 1 and Theorem 2")

  private static let flash2Technique = Technique(
    name: "flash2", axis: .schedule, form: "flash2",
    summary: "Blocks of queries outside, of keys inside: outputs are written once.",
    equation: "2·N·d + N + 2·N·d·T_r elements a head, T_r = ⌈N/B_r⌉; N² + N·T_c exps",
    conditions: [
      "A tile fits on the chip: 2·B_r·d + 2·B_c·d + B_r·B_c elements.",
      "Results are those of attention, up to rounding.",
      "Attention weights are not handed out: policies that rank keys by them need another pass.",
    ],
    source: "Dao 2023, FlashAttention-2, section 3.1")

  private static let splitKVTechnique = Technique(
    name: "split-kv", axis: .schedule, form: "split-kv",
    summary:
      "The keys of one new token are cut into parts for idle cores; partial results are merged.",
    equation: "p = ⌈keys/1024⌉ parts: b·H·p·(d_v + 2)·4 B written and read, b·H·p exps more",
    conditions: [
      "It gains where b·G parts are fewer than the cores: with enough sequences or KV heads only its own "
        + "work is left.",
      "Idle cores under other schedules are not counted one by one: achieved shares of a runtime hold "
        + "what its kernels reach.",
    ],
    source: "Dao et al. 2023, Flash-Decoding for long-context inference")
}
