#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The logarithms of the probabilities of every token at some places of a text, in 16 bits each.
///
/// What another model is held against: a row is kept between its least and its largest value in 65,536 steps, which
/// is a ten-thousandth of a nat and less.
struct LogProbabilities: Sendable {
  private var rows: [Row] = []

  private struct Row: Sendable {
    let least: Float
    let step: Float
    let values: [UInt16]
  }

  /// Adds a place.
  /// - Parameter values: log p of each token.
  mutating func append(_ values: [Float]) {
    let least = values.min() ?? 0
    let step = max(((values.max() ?? 0) - least) / 65535, .leastNormalMagnitude)
    rows.append(
      Row(
        least: least, step: step,
        values: values.map { UInt16(min(65535, (($0 - least) / step).rounded())) }))
  }

  /// Places so far.
  var count: Int { rows.count }

  /// Σ p·(log p − log q) over all tokens, p as kept here: the Kullback–Leibler divergence in nats.
  /// - Parameters:
  ///   - place: a place, from 0.
  ///   - other: log q of each token.
  /// - Returns: nats.
  func divergence(_ place: Int, from other: [Float]) -> Double {
    let row = rows[place]
    var (sum, total) = (0.0, 0.0)
    for (value, q) in zip(row.values, other) {
      let p = row.least + Float(value) * row.step
      let weight = Double(exp(p))
      sum += weight * (Double(p) - Double(q))
      total += weight
    }
    return sum / total + log(1 / total)
  }

  /// The token of the largest probability.
  func top(_ place: Int) -> Int {
    rows[place].values.indices.max { rows[place].values[$0] < rows[place].values[$1] } ?? 0
  }

  /// log softmax of logits.
  static func of(_ logits: UnsafeMutableBufferPointer<Float>) -> [Float] {
    guard let start = logits.baseAddress, !logits.isEmpty else { return [] }
    let largest = LaneSoftmax.largest(start, count: logits.count)
    var sum = 0.0
    for logit in logits { sum += Double(exp(logit - largest)) }
    let shift = largest + Float(log(sum))
    return logits.map { $0 - shift }
  }
}
