public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Synthesizer: softmax over scores that are no products of queries and keys, and the weighted sum of the values.
///
/// Scores [T·H, n + S] made from each token (dense), or learned: [H, S, n + S] (random); values [b·(n + S), H·d].
public struct SynthesizerCase: KernelCase {
  public static let family = "synthesizer"
  let form: String
  let isCausal: Bool
  let new: Int
  let cached: Int
  private let heads = 2
  private let width = 3

  init(form: String, isCausal: Bool, new: Int, cached: Int) {
    self.form = form
    self.isCausal = isCausal
    self.new = new
    self.cached = cached
  }

  public var shape: String { "\(form) \(isCausal ? "causal" : "all") H\(heads) S\(new) n\(cached)" }

  private var step: Step {
    Step(newTokens: new, cachedTokens: cached, logitTokens: 1, batch: 1, isCausal: isCausal)
  }

  private var visibility: Visibility {
    let pattern: any Pattern = isCausal ? Causal() : Bidirectional()
    return Visibility(pattern, step)
  }

  public var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: 8, mixer: "synthesizer", ["heads": heads, "head_size": width, "n_max": 32],
        words: ["form": form], kind: isCausal ? .decoder : .encoder
      ).operations(step, .softmax, .weightedSum)
    }
  }

  /// The row of scores of a query of a head.
  private func scoreRow(_ token: Int, _ head: Int) -> Int {
    form == "random" ? head * new + token : token * heads + head
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let softened = try memory.buffers(0)
    let (scores, weights) = (softened[0], try softened.output())
    let visibility = visibility
    for token in 0..<new {
      for head in 0..<heads {
        let row = (0..<visibility.length).map { scores[scoreRow(token, head), $0] }
        var largest = Scalar(-Double.infinity)
        for key in visibility.keys[token] { largest = .larger(largest, row[key]) }
        var sum = Scalar.zero
        var exponentials = Array(repeating: Scalar.zero, count: row.count)
        for key in visibility.keys[token] {
          exponentials[key] = (row[key] - largest).exponential
          sum = sum + exponentials[key]
        }
        let divisor = sum.reciprocal
        let seen = Set(visibility.keys[token])
        for key in row.indices {
          weights[token * heads + head, key] =
            seen.contains(key) ? exponentials[key] * divisor : .zero
        }
      }
    }
    return try sum(try memory.buffers(1, given: [0: weights]), visibility)
  }

  /// The weighted sum; a decoder keeps the new values.
  private func sum<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ visibility: Visibility
  ) throws(KernelError) -> [Scalar] {
    let (weights, output) = (buffers[0], try buffers.output())
    let values = try values(buffers, visibility)
    for token in 0..<new {
      for column in 0..<heads * width {
        output[token, column] = Scalar.dot(visibility.length) {
          (weights[token * heads + column / width, $0], values.element(0, $0, column))
        }
      }
    }
    if let kept = buffers.with(.cacheWrite).first {
      for token in 0..<new {
        for column in 0..<kept.columns {
          kept[token, column] = values.element(0, cached + token, column)
        }
      }
    }
    return output.values
  }

  private func values<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ visibility: Visibility
  ) throws(KernelError) -> EntryRows<Scalar> {
    guard let new = buffers.with(.activationRead).last else { throw .operandMismatch("no values") }
    return try EntryRows(cached: buffers.with(.cacheRead), new: new, batch: 1, visibility)
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let (scores, summed) = (try memory.buffers(0)[0], try memory.buffers(1))
    let visibility = visibility
    let values = try values(summed, visibility)
    return (0..<new * heads * width).map { place in
      let (token, column) = (place / (heads * width), place % (heads * width))
      let weights = visibility.keys[token].map {
        exp(scores.values[scoreRow(token, column / width) * scores.columns + $0])
      }
      return zip(visibility.keys[token], weights).reduce(0) {
        $0 + $1.1 * values.element(0, $1.0, column)
      } / weights.reduce(0, +)
    }
  }

  static let all: [any KernelCase] = ["dense", "random"].flatMap { form -> [any KernelCase] in
    [
      SynthesizerCase(form: form, isCausal: false, new: 8, cached: 0),
      SynthesizerCase(form: form, isCausal: true, new: 7, cached: 0),
      SynthesizerCase(form: form, isCausal: true, new: 1, cached: 11),
    ]
  }
}
