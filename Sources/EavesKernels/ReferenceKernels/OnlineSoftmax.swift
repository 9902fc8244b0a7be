/// The running softmax of one query row: maximum m, sum l and unnormalised output [d_v].
///
/// FlashAttention-2, Algorithm 1, lines 9 to 12.
struct OnlineSoftmax<Scalar: KernelScalar> {
  private(set) var largest = Scalar(-Double.infinity)
  private(set) var sum = Scalar.zero
  private(set) var outputs: [Scalar]
  private var isEmpty = true

  /// Nothing yet, for values of a width.
  init(width: Int) { outputs = Array(repeating: .zero, count: width) }

  /// Takes in scaled scores, at least one: what there is already is rescaled to the new maximum.
  /// - Returns: exp(score − maximum).
  mutating func take(_ scores: [Scalar]) -> [Scalar] {
    let before = largest
    for score in scores { largest = .larger(largest, score) }
    if !isEmpty { rescale(by: (before - largest).rescaling) }
    isEmpty = false
    return scores.map { score in
      let weight = (score - largest).exponential
      sum = sum + weight
      return weight
    }
  }

  /// Adds a weighted value.
  mutating func add(_ weight: Scalar, _ value: Scalar, _ channel: Int) {
    outputs[channel] = outputs[channel].adding(product: weight, value)
  }

  private mutating func rescale(by factor: Scalar) {
    sum = sum * factor
    for channel in outputs.indices { outputs[channel] = outputs[channel] * factor }
  }

  /// Takes in the softmax of other keys (ring attention, split keys): both are rescaled to the larger maximum.
  mutating func merge(_ other: OnlineSoftmax) {
    guard !other.isEmpty else { return }
    guard !isEmpty else {
      self = other
      return
    }
    let before = largest
    largest = .larger(largest, other.largest)
    rescale(by: (before - largest).rescaling)
    let factor = (other.largest - largest).rescaling
    sum = sum + other.sum * factor
    for channel in outputs.indices {
      outputs[channel] = outputs[channel] + other.outputs[channel] * factor
    }
  }

  /// The normalised output: one reciprocal, and a multiplication a channel.
  func output() -> [Scalar] {
    let divisor = sum.reciprocal
    return outputs.map { $0 * divisor }
  }
}
