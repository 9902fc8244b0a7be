import Eaves

/// FlashAttention-2 forward over a sliding window: only the tiles that the window touches.
struct AttentionWindowTimed: TimedSetting {
  static let family = "attention-window"
  let pass: AttentionPass

  init(_ tokens: Int, _ window: Int, _ heads: Int, _ width: Int) {
    pass = AttentionPass(
      tokens: tokens, heads: heads, width: width, window: window, isCausal: true)
  }

  var shape: String { pass.label }
  var operations: [Operation] {
    get throws(KernelError) { try pass.setting().operations(.flash2, .attention) }
  }
  var floats: [Int] { pass.tiledFloats }
  var result: (buffer: Int, count: Int) { (3, pass.elements) }
  func run(_ memory: TimedMemory) { pass.runTiles(memory) }
  func define(_ memory: TimedMemory) -> [Double] { pass.define(memory) }

  static let small = [Self(40, 7, 2, 16), Self(400, 130, 1, 16)]
  static let grid: [Self] = [
    (512, 128, 4, 64), (512, 256, 4, 128), (768, 128, 4, 64), (1536, 384, 2, 64),
    (2048, 128, 2, 64),
    (2048, 256, 2, 128), (2048, 512, 2, 64), (2048, 1024, 1, 128), (3072, 256, 1, 128),
    (4096, 128, 2, 64), (4096, 256, 1, 128), (4096, 512, 1, 64), (4096, 1024, 1, 64),
  ].map { Self($0.0, $0.1, $0.2, $0.3) }
}
