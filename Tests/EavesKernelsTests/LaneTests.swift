import EavesKernels
import Testing

/// Lane operations are a convention (docs/method.md 1): where kernels do just as many, and where not.
@Suite struct LaneTests {
  /// Kernels that do as many as predicted, with recurrences and softmax written out, by family and first word.
  static let equal: Set<String> = [
    "matmul", "attention-materialised", "linear-attention elu", "matrix-recurrence rwkv6",
    "matrix-recurrence rwkv7", "vector-recurrence lstm", "unfold", "block-gemv", "sparse-product",
  ]

  /// The differences of docs/validation.md, so that neither list goes stale.
  @Test func lanesAreThosePredictedOrStated() throws {
    var (same, other): (Set<String>, Set<String>) = ([], [])
    for kernel in KernelList.cases where try !kernel.operations.isEmpty {
      let counts = try #require(try KernelCheck(kernel).counts)
      let words = [kernel.family, "\(kernel.family) \(kernel.shape.prefix { $0 != " " })"]
      let name = words.first(where: Self.equal.contains) ?? kernel.family
      if Double(counts.lanes) == counts.predictedLanes {
        same.insert(name)
      } else {
        other.insert(name)
      }
    }
    #expect(same.isSuperset(of: Self.equal))
    #expect(other.isDisjoint(with: Self.equal))
  }
}
