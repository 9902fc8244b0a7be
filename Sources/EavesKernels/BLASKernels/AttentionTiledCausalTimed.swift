import Eaves

/// FlashAttention-2 forward over the keys before each query: sgemm on tiles that are not all masked, softmax in vectors.
struct AttentionTiledCausalTimed: TimedSetting {
  static let family = "attention-tiled-causal"
  let pass: AttentionPass

  init(_ tokens: Int, _ heads: Int, _ width: Int) {
    pass = AttentionPass(tokens: tokens, heads: heads, width: width, isCausal: true)
  }

  var shape: String { pass.label }
  var operations: [Operation] {
    get throws(KernelError) { try pass.setting().operations(.flash2, .attention) }
  }
  var floats: [Int] { pass.tiledFloats }
  var result: (buffer: Int, count: Int) { (3, pass.elements) }
  func run(_ memory: TimedMemory) { pass.runTiles(memory) }
  func define(_ memory: TimedMemory) -> [Double] { pass.define(memory) }

  static let small = [Self(40, 2, 16), Self(270, 1, 24)]
  static let grid: [Self] = [
    (128, 4, 64), (128, 4, 128), (320, 4, 64), (512, 4, 64), (512, 4, 128), (640, 2, 64),
    (768, 2, 128), (1024, 2, 64), (1024, 2, 128),
    (1536, 1, 64), (1536, 1, 128), (2048, 2, 64), (2048, 1, 128), (2560, 1, 64),
  ].map { Self($0.0, $0.1, $0.2) }
}
