import Eaves

/// A mixture of experts: router, the rows of each touched expert in a sgemm (one row by sgemv), and their weighted sum.
struct MixtureTimed: TimedSetting {
  static let family = "moe"
  let tokens: Int
  let experts: Int
  let perToken: Int
  let hidden: Int
  let width: Int

  init(_ tokens: Int, _ experts: Int, _ perToken: Int, _ hidden: Int, _ width: Int) {
    self.tokens = tokens
    self.experts = experts
    self.perToken = perToken
    self.hidden = hidden
    self.width = width
  }

  var shape: String { "T\(tokens) E\(experts) k\(perToken) d\(hidden) F\(width)" }

  var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: hidden,
        feedForward: Block.FeedForward(
          size: width, isGated: true, activation: .silu, experts: experts,
          expertsPerToken: perToken)
      ).operations(.prefill(tokens), .router, .gateUp, .activation, .down)
    }
  }

  /// Buffers: x [T, d], router [E, d], probabilities [T, E], experts' gate and up [E, 2·F, d] and down [E, d, F],
  /// choices [T, k], gathered rows [T, d], gate and up of them [T, 2·F], activated [T, F], results [T, d], y [T, d],
  /// places of the gathered rows [T].
  ///
  /// Untouched experts are memory that a run does not read: they count as working set only where few tokens touch few.
  var floats: [Int] {
    let (t, d, f) = (tokens, hidden, width)
    return [
      t * d, experts * d, t * experts, experts * 2 * f * d, experts * d * f, t * perToken, t * d,
      t * 2 * f, t * f, t * d, t * d, t,
    ]
  }

  /// Distinct bytes: of the experts, those that are expected to be touched.
  var touchedFloats: Int {
    let share =
      MixtureOfExperts.distinctExperts(experts, perToken: perToken, tokens: tokens)
      / Double(experts)
    let weights = Double(floats[3] + floats[4])
    return floats.reduce(0, +) - Int(weights * (1 - share))
  }
  var result: (buffer: Int, count: Int) { (10, tokens * hidden) }

  func prepare(_ memory: TimedMemory) {
    let factor = 1 / Float(hidden).squareRoot()
    for buffer in [1, 3, 4] {
      LaneSoftmax.multiply(memory[buffer], count: floats[buffer], by: factor)
    }
  }

  func run(_ memory: TimedMemory) {
    let (d, f) = (hidden, width)
    let (x, probabilities, y) = (memory[0], memory[2], memory[10])
    multiply(memory[1], rows: experts, columns: d, x, tokens, into: probabilities)
    for token in 0..<tokens {
      let row = probabilities + token * experts
      LaneSoftmax.row(row, into: row, count: experts)
      choose(row, into: memory[5] + token * perToken)
    }
    y.update(repeating: 0, count: tokens * d)
    for expert in 0..<experts {
      let rows = gather(expert, memory)
      guard rows > 0 else { continue }
      multiply(
        memory[3] + expert * 2 * f * d, rows: 2 * f, columns: d, memory[6], rows, into: memory[7])
      LaneGates.silu(memory[7], into: memory[8], rows: rows, width: f)
      multiply(
        memory[4] + expert * d * f, rows: d, columns: f, memory[8], rows, into: memory[9])
      for row in 0..<rows {
        let token = Int(memory[11][row])
        LaneGates.add(
          memory[9] + row * d, times: probabilities[token * experts + expert], to: y + token * d,
          count: d)
      }
    }
  }

  /// x [m, columns] × w [rows, columns], one row by sgemv.
  @inline(__always)
  private func multiply(
    _ w: UnsafeMutablePointer<Float>, rows: Int, columns: Int, _ x: UnsafeMutablePointer<Float>,
    _ m: Int, into y: UnsafeMutablePointer<Float>
  ) {
    if m == 1 {
      BLAS.gemv(w, rows: rows, columns: columns, x, into: y)
    } else {
      BLAS.gemm(
        m: m, n: rows, k: columns, .init(x, columns), .init(w, columns), isTransposed: true,
        into: y, rows)
    }
  }

  /// The most likely experts of a token, as numbers in a row of floats.
  @inline(__always)
  private func choose(
    _ probabilities: UnsafeMutablePointer<Float>, into chosen: UnsafeMutablePointer<Float>
  ) {
    for place in 0..<perToken {
      var best = -1
      for expert in 0..<experts {
        var isTaken = false
        for other in 0..<place where chosen[other] == Float(expert) { isTaken = true }
        if !isTaken, best < 0 || probabilities[expert] > probabilities[best] { best = expert }
      }
      chosen[place] = Float(best)
    }
  }

  /// The rows of an expert's tokens side by side.
  /// - Returns: how many there are.
  @inline(__always)
  private func gather(_ expert: Int, _ memory: TimedMemory) -> Int {
    var rows = 0
    for token in 0..<tokens {
      for place in 0..<perToken where memory[5][token * perToken + place] == Float(expert) {
        (memory[6] + rows * hidden).update(from: memory[0] + token * hidden, count: hidden)
        memory[11][rows] = Float(token)
        rows += 1
      }
    }
    return rows
  }

  /// The sum over all experts, with a gate of zero for those that were not chosen.
  func define(_ memory: TimedMemory) -> [Double] {
    let (d, f) = (hidden, width)
    return (0..<tokens).flatMap { token -> [Double] in
      let x = memory[0] + token * d
      let gates = Definition.softmax(
        (0..<experts).map { Definition.dot(x, memory[1] + $0 * d, d) })
      let chosen = (0..<experts).sorted { gates[$0] > gates[$1] }.prefix(perToken)
      var y = Array(repeating: 0.0, count: d)
      for expert in chosen {
        let wide = memory[3] + expert * 2 * f * d
        let made = (0..<f).map {
          Definition.silu(Definition.dot(x, wide + $0 * d, d))
            * Definition.dot(x, wide + (f + $0) * d, d)
        }
        let down = memory[4] + expert * d * f
        for column in 0..<d {
          y[column] += (0..<f).reduce(0) {
            $0 + gates[expert] * made[$1] * Double(down[column * f + $1])
          }
        }
      }
      return y
    }
  }

  static let small = [Self(1, 8, 2, 16, 32), Self(6, 4, 2, 32, 16)]
  static let grid: [Self] = [
    (1, 8, 2, 256, 512), (1, 16, 4, 512, 512), (1, 8, 2, 1024, 1024), (1, 8, 2, 1024, 2048),
    (16, 8, 2, 256, 512), (32, 8, 2, 512, 512), (32, 16, 4, 256, 256), (64, 8, 2, 512, 1024),
    (128, 8, 2, 512, 512), (256, 8, 2, 512, 512), (64, 4, 1, 1024, 1024), (256, 4, 2, 256, 512),
  ].map { Self($0.0, $0.1, $0.2, $0.3, $0.4) }
}
