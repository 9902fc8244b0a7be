/// In which order the parts of softmax attention are computed, and what is written in between.
public enum Schedule: String, Sendable, Hashable, CaseIterable {
  /// Scores and probabilities are written to memory and read back: 4Nd + 4N² elements a head.
  case materialised
  /// FlashAttention, Algorithm 1: outer loop over keys; queries and outputs travel once a key block.
  case flash1
  /// FlashAttention-2: outer loop over queries; keys and values travel once a query block.
  case flash2

  /// Whether attention weights are written where others can read them.
  public var handsOutProbabilities: Bool { self == .materialised }

  /// Rows of a query block and of a key block, where the chip's memory allows them.
  public static let tileRows = 128

  /// Rows and columns of the tiles that are executed whole; `nil` where scores are one product.
  var tileSide: Int? { self == .materialised ? nil : Self.tileRows }
}
