import Eaves

/// Mamba's selective scan (`LaneScan.selective`).
struct ScanTimed: TimedSetting {
  static let family = "scan"
  let tokens: Int
  let channels: Int
  let states: Int

  init(_ tokens: Int, _ channels: Int, _ states: Int = 16) {
    self.tokens = tokens
    self.channels = channels
    self.states = states
  }

  var shape: String { "D\(channels) N\(states) T\(tokens)" }

  var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: 16, mixer: "mamba",
        ["inner": channels, "state": states, "conv": 4, "dt_rank": 16]
      ).operations(
        Step(newTokens: tokens, cachedTokens: 1, logitTokens: 1, batch: 1), .scan)
    }
  }

  /// x, step sizes, gates, B and C [T, 3·D + 2·N]; A [D/16, N, 16]; skip [D]; state before and after; y [T, D].
  var floats: [Int] {
    let state = channels * states
    return [
      tokens * (3 * channels + 2 * states), state, channels, state, state, tokens * channels,
    ]
  }
  var result: (buffer: Int, count: Int) { (5, tokens * channels) }

  /// Decays below zero, as a trained model has them.
  func prepare(_ memory: TimedMemory) {
    for index in 0..<channels * states { memory[1][index] = -1 - abs(memory[1][index]) }
  }

  func run(_ memory: TimedMemory) {
    LaneScan.selective(
      memory[0], decays: memory[1], skip: memory[2], from: memory[3], state: memory[4],
      into: memory[5], tokens: tokens, channels: channels, states: states)
  }

  func define(_ memory: TimedMemory) -> [Double] {
    let strip = LaneScan.strip
    var h = (0..<channels * states).map { Double(memory[3][$0]) }
    return (0..<tokens).flatMap { token -> [Double] in
      let row = memory[0] + token * (3 * channels + 2 * states)
      let b = row + 3 * channels
      return (0..<channels).map { channel in
        let (x, delta) = (Double(row[channel]), Double(row[channels + channel]))
        let step = Definition.softplus(delta)
        var y = Double(memory[2][channel]) * x
        for n in 0..<states {
          let place = (channel / strip * states + n) * strip + channel % strip
          h[place] =
            Definition.exp(step * Double(memory[1][place])) * h[place] + step * x * Double(b[n])
          y += Double(b[states + n]) * h[place]
        }
        return y * Definition.silu(Double(row[2 * channels + channel]))
      }
    }
  }

  static let small = [Self(1, 16), Self(9, 48, 5)]
  static let grid: [Self] = [
    (1, 256), (16, 256), (256, 256), (1, 1024), (64, 1024), (512, 1024), (1, 4096), (32, 4096),
    (128, 4096), (16, 5120), (256, 1536),
  ].map { Self($0.0, $0.1) }
}
