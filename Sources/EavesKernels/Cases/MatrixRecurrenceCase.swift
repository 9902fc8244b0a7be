public import Eaves

/// RWKV-6, RWKV-7 and the gated delta net, token by token: decode steps one after the other with one state.
///
/// Chunked prefills of them are predicted but not executed here. The definition multiplies out what each token does to
/// the state as a matrix from the left.
public struct MatrixRecurrenceCase: KernelCase {
  public static let family = "matrix-recurrence"
  let rule: MatrixRule
  let batch: Int
  let tokens: Int
  private static let width = 4

  init(rule: MatrixRule, batch: Int, tokens: Int) {
    self.rule = rule
    self.batch = batch
    self.tokens = tokens
  }

  public var shape: String { "\(rule.rawValue) b\(batch) d\(Self.width) over \(tokens) tokens" }

  private var heads: Int { rule == .gatedDelta ? 4 : 2 }
  private var keyHeads: Int { 2 }
  private var size: MatrixStateSize {
    MatrixStateSize(
      batch: batch, tokens: 1, heads: heads, keyWidth: Self.width,
      valueWidth: rule == .gatedDelta ? 3 : Self.width)
  }

  public var operations: [Operation] {
    get throws(KernelError) {
      let width = Self.width
      let fields: [String: Int] =
        switch rule {
        case .rwkv6: ["head_size": width, "mix_rank": 2, "decay_rank": 2]
        case .rwkv7: ["head_size": width, "decay_rank": 2, "rate_rank": 2, "gate_rank": 2]
        case .gatedDelta:
          [
            "key_heads": keyHeads, "value_heads": heads, "key_head_size": width,
            "value_head_size": 3,
          ]
        }
      let model = try TinyModel(hidden: heads * width, mixer: rule.rawValue, fields)
      var operations: [Operation] = []
      for token in 0..<tokens {
        operations += try model.operations(.decode(context: 5 + token, batch: batch), .scan)
      }
      return operations
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    var outputs: [Scalar] = []
    var given: [Int: Buffer<Scalar>] = [:]
    for token in 0..<tokens {
      let buffers = try memory.buffers(token, given: given)
      try MatrixRecurrence(buffers, rule, size, keyHeads: keyHeads).run()
      outputs += try buffers.output().values
      // The state goes on, and the weights of a layer are the same for every token.
      for place in buffers.all.indices where [.state, .weights].contains(buffers[place].role) {
        given[place] = buffers[place]
      }
    }
    return outputs
  }

  /// S_t = L_t·S_{t−1} + k_t⊗(…)ᵀ with the matrix L_t [d_k, d_k] written out, and o_t = r_t·S.
  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    var outputs: [Double] = []
    let size = size
    let (k, v) = (size.keyWidth, size.valueWidth)
    let first = try memory.buffers(0)
    var states = first.with(.state)[0].values
    let bonus = first.with(.weights).first?.values ?? []
    for token in 0..<tokens {
      let input = token == 0 ? first[0] : try memory.buffers(token)[0]
      for row in 0..<batch {
        for head in 0..<heads {
          let tokenInput = TokenInput(
            values: Array(input.values[row * input.columns..<(row + 1) * input.columns]),
            head: head, heads: heads, keyHeads: keyHeads, size: size)
          let base = (row * heads + head) * size.state
          let old = (0..<k).map { i in (0..<v).map { states[base + i * v + $0] } }
          let (left, key, value) = tokenInput.step(rule)
          var new = old
          for i in 0..<k {
            for j in 0..<v {
              new[i][j] = (0..<k).reduce(key[i] * value[j]) { $0 + left[i][$1] * old[$1][j] }
              states[base + i * v + j] = new[i][j]
            }
          }
          let query = tokenInput.query
          for j in 0..<v {
            outputs.append(
              (0..<k).reduce(0) { sum, i in
                guard rule == .rwkv6 else { return sum + query[i] * new[i][j] }
                return sum + query[i]
                  * (old[i][j] + bonus[head * k + i] * key[i] * value[j])
              })
          }
        }
      }
    }
    return outputs
  }

  static let all: [any KernelCase] = MatrixRule.allCases.map {
    MatrixRecurrenceCase(rule: $0, batch: 2, tokens: 5)
  }
}

/// The input of one token and head, in float64.
private struct TokenInput {
  let values: [Double]
  let head: Int
  let heads: Int
  let keyHeads: Int
  let size: MatrixStateSize

  private func part(_ part: Int) -> [Double] {
    let start = (part * heads + head) * size.keyWidth
    return Array(values[start..<start + size.keyWidth])
  }

  private func shared(_ part: Int) -> [Double] {
    let start = (part * keyHeads + head * keyHeads / heads) * size.keyWidth
    return Array(values[start..<start + size.keyWidth])
  }

  /// Queries are the first part in all rules.
  var query: [Double] { keyHeads == heads ? part(0) : shared(0) }

  /// What multiplies the state from the left, and the key and value that are added.
  func step(_ rule: MatrixRule) -> (left: [[Double]], key: [Double], value: [Double]) {
    let k = size.keyWidth
    func diagonal(_ factors: [Double]) -> [[Double]] {
      (0..<k).map { i in (0..<k).map { $0 == i ? factors[i] : 0 } }
    }
    switch rule {
    case .rwkv6: return (diagonal(part(3)), part(1), part(2))
    case .rwkv7:
      let (w, a, b) = (part(1), part(4), part(5))
      let left = (0..<k).map { i in (0..<k).map { (i == $0 ? w[i] : 0) + b[i] * a[$0] } }
      return (left, part(2), part(3))
    case .gatedDelta:
      let gates = 2 * keyHeads * k + heads * size.valueWidth
      let (g, beta) = (values[gates + head], values[gates + heads + head])
      let key = shared(1)
      let left = (0..<k).map { i in
        (0..<k).map { g * ((i == $0 ? 1 : 0) - beta * key[i] * key[$0]) }
      }
      let start = 2 * keyHeads * k + head * size.valueWidth
      return (left, key, values[start..<start + size.valueWidth].map { beta * $0 })
    }
  }
}
