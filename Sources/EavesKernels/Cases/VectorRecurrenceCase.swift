public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Recurrences of vectors: RG-LRU and LSTM.
public struct VectorRecurrenceCase: KernelCase {
  /// Which recurrence.
  enum Rule: String, Sendable, CaseIterable {
    case rgLRU = "rg_lru"
    case lstm
  }

  public static let family = "vector-recurrence"
  let rule: Rule
  let batch: Int
  let tokens: Int
  private static let width = 6

  public var shape: String { "\(rule.rawValue) b\(batch) w\(Self.width) S\(tokens)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      let fields = rule == .rgLRU ? ["size": Self.width, "heads": 2] : [:]
      return try TinyModel(hidden: Self.width, mixer: rule.rawValue, fields).operations(
        Step(newTokens: tokens, cachedTokens: 4, logitTokens: 1, batch: batch), .scan)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    switch rule {
    case .rgLRU:
      settle(buffers)
      try GatedLinearRecurrence.run(buffers, batch: batch, tokens: tokens)
    case .lstm: try LSTMCell.run(buffers, batch: batch, tokens: tokens)
    }
    return try buffers.output().values
  }

  /// λ below zero.
  private func settle<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) {
    for (column, value) in buffers[1].values.enumerated() {
      buffers[1].fill(0, column, Scalar(-0.1 - abs(value.widened)))
    }
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    if rule == .rgLRU { settle(buffers) }
    return (0..<batch * tokens).flatMap { row in
      rule == .rgLRU ? decayed(buffers, row) : gated(buffers, row)
    }
  }

  private func sigma(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// h[t] as the sum of what each token left, times the decays since.
  private func decayed(_ buffers: Buffers<Double>, _ row: Int) -> [Double] {
    let width = Self.width
    let (input, decays, state) = (buffers[0].values, buffers[1].values, buffers[2].values)
    return (0..<width).map { channel in
      func log(_ token: Int) -> Double {
        decays[channel] * sigma(input[token * 3 * width + width + channel])
      }
      let first = row / tokens * tokens
      var (sum, since) = (0.0, 0.0)
      for token in (first...row).reversed() {
        let gate = sigma(input[token * 3 * width + 2 * width + channel])
        sum +=
          exp(since) * (1 - exp(2 * log(token))).squareRoot() * gate
          * input[token * 3 * width + channel]
        since += log(token)
      }
      return sum + exp(since) * state[row / tokens * width + channel]
    }
  }

  /// The recurrence from the start of the sequence up to a row.
  private func gated(_ buffers: Buffers<Double>, _ row: Int) -> [Double] {
    let width = Self.width
    let (input, weights, bias) = (buffers[0].values, buffers[1].values, buffers[2].values)
    let state = buffers[3].values
    let start = row / tokens * 2 * width
    var c = Array(state[start..<start + width])
    var h = Array(state[start + width..<start + 2 * width])
    for token in row / tokens * tokens...row {
      let last = h
      func gate(_ number: Int, _ channel: Int) -> Double {
        let place = number * width + channel
        return (0..<width).reduce(input[token * 4 * width + place] + bias[place]) {
          $0 + weights[place * width + $1] * last[$1]
        }
      }
      for channel in 0..<width {
        c[channel] =
          sigma(gate(1, channel)) * c[channel] + sigma(gate(0, channel)) * tanh(gate(2, channel))
        h[channel] = sigma(gate(3, channel)) * tanh(c[channel])
      }
    }
    return h
  }

  static let all: [any KernelCase] = Rule.allCases.flatMap { rule in
    [(1, 1), (2, 7)].map { VectorRecurrenceCase(rule: rule, batch: $0.0, tokens: $0.1) }
  }
}
