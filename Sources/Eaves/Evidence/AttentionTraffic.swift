/// Elements that attention of one head moves between main memory and the chip, by algorithm.
///
/// N tokens, heads of d elements, no causal saving. Source: FlashAttention, algorithms 0, 1 and 4 and theorem 2;
/// docs/validation.md.
public struct AttentionTraffic: Sendable, Hashable {
  /// Tokens (N).
  public var tokens: Double
  /// Elements of a head (d).
  public var headSize: Double

  /// Attention of `tokens` tokens and heads of `headSize` elements.
  public init(tokens: Double, headSize: Double) {
    self.tokens = tokens
    self.headSize = headSize
  }

  /// Elements of Q, K, V or O: N·d.
  private var matrix: Double { tokens * headSize }

  /// Forward, scores and probabilities written and read back (algorithm 0): 4Nd + 4N².
  public var materialised: Double { 4 * matrix + 4 * tokens * tokens }

  /// Blocks of keys that a buffer of some elements takes (algorithm 1): ⌈N / Bc⌉, Bc = ⌈M / 4d⌉.
  public func keyBlocks(buffer elements: Double) -> Double {
    (tokens / (elements / (4 * headSize)).rounded(.up)).rounded(.up)
  }

  /// Forward in blocks of keys (algorithm 1): 2Nd + Tc(3Nd + 4N).
  ///
  /// K and V once; for each block Q and O read and O written, with the running sums and maxima read and
  /// written.
  public func tiled(keyBlocks: Double) -> Double {
    2 * matrix + keyBlocks * (3 * matrix + 4 * tokens)
  }

  /// Forward and backward in blocks of keys (algorithms 1 and 4): backward reads K and V and writes their
  /// gradients once, and for each block reads Q, O, dO and dQ, writes dQ, and reads sums and maxima.
  public func tiledTraining(keyBlocks: Double) -> Double {
    tiled(keyBlocks: keyBlocks) + 4 * matrix + keyBlocks * (5 * matrix + 2 * tokens)
  }

  /// One operation of an eager framework on the N × N matrix.
  public enum EagerPass: Sendable, CaseIterable {
    case writeScores, mask, softmax, dropout, readProbabilities
    case writeGradient, readProbabilitiesAgain, dropoutBackward, softmaxBackward, maskBackward
    case readScoreGradientForQueries, readScoreGradientForKeys

    /// How often it moves the matrix; the scale is folded into the product that writes the scores.
    public var moves: Double {
      switch self {
      case .writeScores, .readProbabilities, .writeGradient, .readProbabilitiesAgain,
        .readScoreGradientForQueries, .readScoreGradientForKeys:
        1
      // Read and written.
      case .mask, .maskBackward: 2
      // With the mask of bytes, half as large as 16-bit elements.
      case .dropout, .dropoutBackward: 2.5
      case .softmax: 2
      // Probabilities and their gradient read, the gradient of scores written.
      case .softmaxBackward: 3
      }
    }

    /// Whether it is a product, which moves two N × d matrices too.
    public var isProduct: Bool { moves == 1 }
  }

  /// Forward and backward in an eager framework, one kernel an operation: the passes over N × N, and Q, K, V,
  /// O and the gradients of all four each time that a product reads or writes them (12 times).
  public var eagerTraining: Double {
    EagerPass.allCases.reduce(12 * matrix) { $0 + $1.moves * tokens * tokens }
  }
}
