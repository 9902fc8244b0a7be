import Eaves

/// RG-LRU, a gated recurrence of each channel alone (`LaneScan.gated`).
struct RecurrenceTimed: TimedSetting {
  static let family = "recurrence"
  let tokens: Int
  let channels: Int

  init(_ tokens: Int, _ channels: Int) {
    self.tokens = tokens
    self.channels = channels
  }

  var shape: String { "w\(channels) T\(tokens)" }

  var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(hidden: channels, mixer: "rg_lru", ["size": channels, "heads": 1]).operations(
        Step(newTokens: tokens, cachedTokens: 1, logitTokens: 1, batch: 1), .scan)
    }
  }

  /// x, r and i [T, 3·w]; λ [w]; state before and after [w]; h [T, w].
  var floats: [Int] { [tokens * 3 * channels, channels, channels, channels, tokens * channels] }
  var result: (buffer: Int, count: Int) { (4, tokens * channels) }

  /// λ below zero.
  func prepare(_ memory: TimedMemory) {
    for index in 0..<channels { memory[1][index] = -0.1 - abs(memory[1][index]) }
  }

  func run(_ memory: TimedMemory) {
    memory[3].update(from: memory[2], count: channels)
    LaneScan.gated(
      memory[0], decays: memory[1], state: memory[3], into: memory[4], tokens: tokens,
      channels: channels)
  }

  func define(_ memory: TimedMemory) -> [Double] {
    var h = (0..<channels).map { Double(memory[2][$0]) }
    return (0..<tokens).flatMap { token -> [Double] in
      let row = memory[0] + token * 3 * channels
      for channel in 0..<channels {
        let gate = Definition.sigmoid(Double(row[channels + channel]))
        let a = Definition.exp(Double(memory[1][channel]) * gate)
        let taken =
          Definition.sigmoid(Double(row[2 * channels + channel])) * Double(row[channel])
        h[channel] = a * h[channel] + (1 - a * a).squareRoot() * taken
      }
      return h
    }
  }

  static let small = [Self(1, 16), Self(9, 48)]
  static let grid: [Self] = [
    (1, 1024), (16, 256), (64, 512), (16, 4096), (256, 1024), (1, 16_384), (1024, 1024),
    (512, 2560), (2048, 2048), (128, 4096),
  ].map { Self($0.0, $0.1) }
}
