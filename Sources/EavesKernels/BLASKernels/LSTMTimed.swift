import Eaves

/// An LSTM layer over a text: the input half in one sgemm, then for each token a sgemv and the gates.
struct LSTMTimed: TimedSetting {
  static let family = "lstm"
  let tokens: Int
  let width: Int

  init(_ tokens: Int, _ width: Int) {
    self.tokens = tokens
    self.width = width
  }

  var shape: String { "h\(width) S\(tokens)" }

  var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(hidden: width, mixer: "lstm", ["biases": 1]).operations(
        Step(newTokens: tokens, cachedTokens: 1, logitTokens: 1, batch: 1), .mixerInput, .scan)
    }
  }

  /// x [S, h], W [4·h, h], b [4·h], W·x + b [S, 4·h], U [4·h, h], state c and h, products [4·h], result [S, h], c.
  var floats: [Int] {
    let (h, square) = (width, 4 * width * width)
    return [tokens * h, square, 4 * h, tokens * 4 * h, square, 2 * h, 4 * h, tokens * h, h]
  }
  var result: (buffer: Int, count: Int) { (7, tokens * width) }

  func prepare(_ memory: TimedMemory) {
    let factor = 1 / Float(width).squareRoot()
    for buffer in [1, 4] {
      LaneSoftmax.multiply(memory[buffer], count: 4 * width * width, by: factor)
    }
  }

  func run(_ memory: TimedMemory) {
    let (input, c, products) = (memory[3], memory[8], memory[6])
    for token in 0..<tokens {
      (input + token * 4 * width).update(from: memory[2], count: 4 * width)
    }
    if tokens == 1 {
      BLAS.gemv(memory[1], rows: 4 * width, columns: width, memory[0], into: input, beta: 1)
    } else {
      BLAS.gemm(
        m: tokens, n: 4 * width, k: width, .init(memory[0], width), .init(memory[1], width),
        isTransposed: true, into: input, 4 * width, beta: 1)
    }
    c.update(from: memory[5], count: width)
    var last = memory[5] + width
    for token in 0..<tokens {
      let output = memory[7] + token * width
      BLAS.gemv(memory[4], rows: 4 * width, columns: width, last, into: products)
      LaneGates.lstm(products, input + token * 4 * width, memory: c, into: output, width: width)
      last = output
    }
  }

  func define(_ memory: TimedMemory) -> [Double] {
    var c = (0..<width).map { Double(memory[5][$0]) }
    var h = (0..<width).map { Double(memory[5][width + $0]) }
    var result: [Double] = []
    for token in 0..<tokens {
      let last = h
      func gate(_ number: Int, _ channel: Int) -> Double {
        let place = number * width + channel
        let given = Definition.dot(memory[0] + token * width, memory[1] + place * width, width)
        return (0..<width).reduce(given + Double(memory[2][place])) {
          $0 + Double(memory[4][place * width + $1]) * last[$1]
        }
      }
      for channel in 0..<width {
        let taken = Definition.sigmoid(gate(0, channel)) * Definition.tanh(gate(2, channel))
        c[channel] = Definition.sigmoid(gate(1, channel)) * c[channel] + taken
        h[channel] = Definition.sigmoid(gate(3, channel)) * Definition.tanh(c[channel])
      }
      result += h
    }
    return result
  }

  static let small = [Self(1, 16), Self(7, 32)]
  static let grid: [Self] = [
    (1, 128), (1, 256), (1, 512), (1, 1024), (1, 2048), (16, 256), (16, 512), (32, 1024),
    (64, 256), (64, 512), (128, 128), (16, 1536),
  ].map { Self($0.0, $0.1) }
}
