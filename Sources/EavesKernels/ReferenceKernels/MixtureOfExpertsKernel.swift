import Eaves

/// A mixture of experts: router, grouped products over the chosen experts, and their weighted sum (Shazeer and others 2017;
/// Jiang and others 2024, Mixtral, section 2.1).
///
/// Router x [T, d] × [E, d] to p [T, E]; gate and up of each touched expert [F, d], a row for each token and expert:
/// [T·k, 2F]; SiLU(g)·u [T·k, F]; down [d, F] to y [T, d].
struct MixtureOfExpertsKernel<Scalar: KernelScalar> {
  let experts: Int
  let perToken: Int
  let width: Int

  /// Experts of each token, most likely first, and the experts that some token chose, in order.
  struct Routing {
    let chosen: [[Int]]
    let touched: [Int]

    /// The rows of an expert: places among the T·k rows, those of an expert beside each other.
    var rows: [(expert: Int, token: Int)] {
      touched.flatMap { expert in
        chosen.indices.filter { chosen[$0].contains(expert) }.map { (expert, $0) }
      }
    }
  }

  /// Probabilities over all experts: four lane operations each, an exp, and a reciprocal a token.
  func route(_ buffers: Buffers<Scalar>) throws(KernelError) -> Routing {
    let (input, weights, output) = (buffers[0], buffers[1], try buffers.output())
    guard weights.rows == experts else { throw .operandMismatch("\(weights.rows) experts") }
    for row in 0..<input.rows {
      var scores = (0..<experts).map { expert in
        Scalar.dot(input.columns) { (input[row, $0], weights[expert, $0]) }
      }
      var largest = Scalar(-Double.infinity)
      for score in scores { largest = .larger(largest, score) }
      var sum = Scalar.zero
      for expert in scores.indices {
        scores[expert] = (scores[expert] - largest).exponential
        sum = sum + scores[expert]
      }
      let divisor = sum.reciprocal
      for expert in scores.indices { output[row, expert] = scores[expert] * divisor }
    }
    return Self.choose(output.values.map(\.widened), experts, perToken)
  }

  /// The k most likely experts of each row.
  static func choose(_ probabilities: [Double], _ experts: Int, _ perToken: Int) -> Routing {
    let chosen = (0..<probabilities.count / experts).map { row in
      (0..<experts).sorted {
        probabilities[row * experts + $0] > probabilities[row * experts + $1]
      }.prefix(perToken).map { $0 }
    }
    return Routing(chosen: chosen, touched: Set(chosen.joined()).sorted())
  }

  /// Gate and up of the rows of every touched expert.
  func widen(_ buffers: Buffers<Scalar>, _ routing: Routing) throws(KernelError) {
    let (input, output) = (buffers[0], try buffers.output())
    let weights = buffers.with(.weights)
    let rows = routing.rows
    guard weights.count == 2, weights[0].rows == routing.touched.count * width,
      output.rows == rows.count
    else { throw .operandMismatch("\(routing.touched.count) touched experts") }
    for (place, row) in rows.enumerated() {
      guard let slot = routing.touched.firstIndex(of: row.expert) else { continue }
      for (half, matrix) in weights.enumerated() {
        for column in 0..<width {
          output[place, half * width + column] = Scalar.dot(input.columns) {
            (input[row.token, $0], matrix[slot * width + column, $0])
          }
        }
      }
    }
  }

  /// SiLU(g)·u by an exp and a reciprocal: three lane operations.
  func activate(_ buffers: Buffers<Scalar>) throws(KernelError) {
    let (input, output) = (buffers[0], try buffers.output())
    for row in 0..<input.rows {
      for column in 0..<width {
        let gate = input[row, column]
        let divisor = (Scalar(1) + (-gate).exponential).reciprocal
        output[row, column] = gate * divisor * input[row, width + column]
      }
    }
  }

  /// Down, weighted by the probabilities and summed over a token's experts.
  func narrow(
    _ buffers: Buffers<Scalar>, _ routing: Routing, probabilities: Buffer<Scalar>
  ) throws(KernelError) {
    let (input, weights, output) = (buffers[0], buffers[1], try buffers.output())
    var sums = Array(repeating: Scalar.zero, count: output.values.count)
    for (place, row) in routing.rows.enumerated() {
      guard let slot = routing.touched.firstIndex(of: row.expert) else { continue }
      for column in 0..<output.columns {
        let made = Scalar.dot(width) {
          (input[place, $0], weights[slot * output.columns + column, $0])
        }
        let index = row.token * output.columns + column
        sums[index] = sums[index] + made * probabilities[row.token, row.expert]
      }
    }
    for (index, sum) in sums.enumerated() {
      output[index / output.columns, index % output.columns] = sum
    }
  }
}
