public import Eaves
import EavesBlocks

/// An LRU cache of experts over a trace of uniform routing: hits equal those of a list, one by one.
public struct ExpertLRUCase: KernelCase {
  public static let family = "expert-lru"
  let experts: Int
  let perToken: Int
  let capacity: Int
  static let tokens = 400

  public var shape: String { "E\(experts) k\(perToken) C\(capacity) over \(Self.tokens) tokens" }
  public var operations: [Operation] { [] }
  /// The same hits, not nearly the same.
  public var tolerance: Double { 0 }

  /// Distinct experts of each token, uniformly drawn.
  func trace(tokens: Int = Self.tokens) -> [Int] {
    var generator = SplitMix64(seed: UInt64(experts * 100 + capacity))
    return (0..<tokens).flatMap { _ in
      Array((0..<experts).shuffled(using: &generator).prefix(perToken))
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    var cache = ExpertLRU(capacity: capacity)
    return trace().map { Scalar(cache.lookUp($0) ? 2 : 1) }
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    // Newest first.
    var list: [Int] = []
    return trace().map { expert in
      let place = list.firstIndex(of: expert)
      if let place { list.remove(at: place) }
      list.insert(expert, at: 0)
      list = Array(list.prefix(capacity))
      return place == nil ? 1 : 2
    }
  }

  static let all: [any KernelCase] = [(8, 2, 2), (8, 2, 4), (64, 6, 32), (8, 2, 8), (8, 2, 1)].map {
    ExpertLRUCase(experts: $0.0, perToken: $0.1, capacity: $0.2)
  }
}
