public import Quantities

/// The time of softmax attention in training, forward and backward, of one layer on a machine, in 16 bits.
///
/// Kernels one after the other, each as long as its products, its traffic or its exps, plus a launch. No causal saving.
/// Source: FlashAttention (Dao et al. 2022), algorithms 0, 1 and 4: 4·N²·d FLOPs a head forward; backward 8·N²·d, and
/// 10·N²·d where scores are formed again. Traffic is that of `AttentionTraffic`.
public struct AttentionTraining: Sendable, Hashable {
  /// Tokens (N) and elements of a head (d).
  public var traffic: AttentionTraffic
  /// Heads of all sequences: b·H.
  public var heads: Double
  /// Bytes of an element that is moved.
  private static let elementBytes = 2.0

  /// Attention of some heads.
  public init(_ traffic: AttentionTraffic, heads: Double) {
    self.traffic = traffic
    self.heads = heads
  }

  /// FLOPs of one product of N × d with d × N: 2·N²·d a head.
  private var product: FLOPs {
    FLOPs(multiplyAdds: heads * traffic.tokens * traffic.tokens * traffic.headSize)
  }

  /// One exp a score.
  private var exps: Double { heads * traffic.tokens * traffic.tokens }

  /// FLOPs of products, forward and backward: 4 + 8 or, scores formed again, 4 + 10 times N²·d a head.
  public func work(scoresAreFormedAgain: Bool) -> FLOPs { (scoresAreFormedAgain ? 7 : 6) * product }

  /// An eager framework: scores and all that follows from them go through memory, one kernel an operation.
  /// - Returns: the time; `nil` where no engine of the chip forms 16-bit products.
  public func eager(on machine: Machine) -> Seconds? {
    let rate = machine.matrix[MultiplyPrecision.f16.index]
    guard rate.engine >= 0 else { return nil }
    let level = machine.levels[machine.main]
    let scores = traffic.tokens * traffic.tokens
    let matrix = traffic.tokens * traffic.headSize
    return AttentionTraffic.EagerPass.allCases.reduce(.zero) { sum, pass in
      let elements = pass.moves * scores + (pass.isProduct ? 2 * matrix : 0)
      var time = Bytes(heads * elements * Self.elementBytes) * level.achieved
      if pass.isProduct { time = max(time, product * rate.achieved) }
      if pass == .softmax { time = max(time, FLOPs(exps) * machine.special.achieved) }
      return sum + time + machine.profile.launch.value
    }
  }

  /// One kernel forward and one backward in blocks of keys (algorithms 1 and 4).
  /// - Parameters:
  ///   - block: keys of a block.
  ///   - machine: the chip and its runtime.
  /// - Returns: the time; `nil` where no engine of the chip forms 16-bit products.
  public func inBlocks(of block: Double, on machine: Machine) -> Seconds? {
    let rate = machine.matrix[MultiplyPrecision.f16.index]
    guard rate.engine >= 0 else { return nil }
    let level = machine.levels[machine.main]
    let blocks = (traffic.tokens / block).rounded(.up)
    let forward = traffic.tiled(keyBlocks: blocks)
    let backward = traffic.tiledTraining(keyBlocks: blocks) - forward
    // Forward two products and a maximum taken back for each block, backward five.
    let kernels: [(products: Double, elements: Double, exps: Double)] = [
      (2, forward, exps + 2 * heads * traffic.tokens * blocks), (5, backward, exps),
    ]
    return kernels.reduce(.zero) { sum, kernel in
      let products = kernel.products * product * rate.attention
      let moving = Bytes(heads * kernel.elements * Self.elementBytes) * level.attention
      let functions = FLOPs(kernel.exps) * machine.special.achieved
      return sum + max(products, moving, functions) + machine.profile.launch.value
    }
  }
}
