public import Eaves
import EavesBlocks

/// Speculative decoding on toy distributions: the tokens are distributed as the target's, and as many as expected.
///
/// A statistic, not an identity: the tolerance is three standard deviations of the relative L2 error of so many draws.
/// The last figure is tokens a pass, 1 + α + … + α^γ (Leviathan et al. 2023, equation 1).
public struct SpeculativeCase: KernelCase {
  public static let family = "speculative-decoding"
  let decoding: SpeculativeDecoding
  static let passes = 20_000

  public var shape: String {
    "γ\(decoding.drafts) α\((decoding.acceptance * 1000).rounded() / 1000) over \(Self.passes) passes"
  }

  public var operations: [Operation] { [] }

  /// Frequencies of N tokens scatter by √(p(1 − p)/N).
  public var tolerance: Double {
    let tokens = Double(Self.passes)
    let variance = decoding.target.reduce(0) { $0 + $1 * (1 - $1) } / tokens
    let spread = Double((decoding.drafts + 1) * (decoding.drafts + 1)) / 4 / tokens
    let norm = decoding.target.reduce(0) { $0 + $1 * $1 } + expected * expected
    return 3 * ((variance + spread) / norm).squareRoot()
  }

  /// The draws are the same in every scalar.
  public var exactTolerance: Double { tolerance }

  private var expected: Double {
    SpeculativeArithmetic(acceptance: decoding.acceptance, cost: 0).tokens(drafts: decoding.drafts)
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    var generator = SplitMix64(seed: UInt64(decoding.drafts))
    var counts = Array(repeating: 0, count: decoding.target.count)
    for _ in 0..<Self.passes {
      for token in decoding.pass(&generator) { counts[token] += 1 }
    }
    let tokens = Double(counts.reduce(0, +))
    return (counts.map { Double($0) / tokens } + [tokens / Double(Self.passes)]).map(Scalar.init)
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    decoding.target + [expected]
  }

  static let all: [any KernelCase] = [1, 3, 5].map { drafts in
    SpeculativeCase(
      decoding: SpeculativeDecoding(
        target: [0.5, 0.2, 0.15, 0.1, 0.05], draft: [0.3, 0.3, 0.2, 0.1, 0.1], drafts: drafts))
  }
}
