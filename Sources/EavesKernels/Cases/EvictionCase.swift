public import Eaves
import EavesBlocks

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Eviction policies: the entries that survive each token, against a look-up of everything that was ever given.
public struct EvictionCase: KernelCase {
  public static let family = "kv-eviction"
  /// The policy, and as a configuration writes it.
  let policy: EvictionPolicy
  let text: String
  static let tokens = 60

  public var shape: String { "\(text) over \(Self.tokens) tokens" }
  public var operations: [Operation] { [] }
  /// The same entries, not nearly the same.
  public var tolerance: Double { 0 }

  /// Softmax over some positions of scores that only query and key decide.
  static func weigh(_ query: Int, _ positions: [Int]) -> [Double] {
    let exponentials = positions.map { key -> Double in
      var generator = SplitMix64(seed: UInt64(query * 1000 + key))
      return exp(3 * Double(generator.uniform()))
    }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// Kept positions after every token, one after the other.
  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    var eviction = Eviction<Scalar>(policy)
    return (0..<Self.tokens).flatMap { token in
      eviction.take(token) { Self.weigh(token, $0) }
      return eviction.kept.map { Scalar(Double($0 + 1)) }
    }
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    var eviction = EvictionDefinition(policy)
    return (0..<Self.tokens).flatMap { token in
      eviction.take(token) { Self.weigh(token, $0) }
      return eviction.kept.map { Double($0 + 1) }
    }
  }

  static let all: [any KernelCase] = [
    EvictionCase(policy: .window(16), text: "rolling"),
    EvictionCase(policy: .sinks(2, window: 14), text: "sinks:2+14"),
    EvictionCase(policy: .heavyHitters(heavy: 8, recent: 8), text: "h2o:8+8"),
    EvictionCase(policy: .scissorhands(budget: 16, recent: 4), text: "scissorhands:16"),
    EvictionCase(policy: .tova(12), text: "tova:12"),
    EvictionCase(
      policy: .snapKV(chosen: 10, window: 6, prompt: 40), text: "snapkv:10+6:prompt=40"),
  ]
}
