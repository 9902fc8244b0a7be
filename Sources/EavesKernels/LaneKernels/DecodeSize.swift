import Eaves

/// Sizes of attention of one new token: q [G, H/G, d], keys and values [G, n, d] each, its own among them.
struct DecodeSize: Sendable {
  let keys: Int
  let heads: Int
  let kvHeads: Int
  let width: Int

  init(_ keys: Int, _ heads: Int, _ kvHeads: Int, _ width: Int) {
    self.keys = keys
    self.heads = heads
    self.kvHeads = kvHeads
    self.width = width
  }

  var label: String { "n\(keys) H\(heads) G\(kvHeads) d\(width)" }
  /// Query heads that share a KV head.
  var group: Int { heads / kvHeads }
  var scale: Float { 1 / Float(width).squareRoot() }
  /// Elements of keys, and of values.
  var elements: Int { kvHeads * keys * width }

  var operations: [Operation] {
    get throws(KernelError) {
      try AttentionSetting(
        heads: heads, kvHeads: kvHeads, headSize: width, new: 1, cached: keys - 1
      ).operations(.flash2, .attention)
    }
  }

  /// Buffers are q, keys, values and the result.
  func define(_ memory: TimedMemory) -> [Double] {
    Definition.attention(
      queries: 1, heads: heads, valueWidth: width, scale: 1 / Double(width).squareRoot(),
      visible: { _ in (0, keys) },
      score: { _, key, head in
        Definition.dot(
          memory[0] + head * width, memory[1] + (head / group * keys + key) * width, width)
      },
      value: { Double(memory[2][($1 / group * keys + $0) * width + $2]) })
  }

  static let small = [
    DecodeSize(70, 4, 4, 32), DecodeSize(131, 4, 2, 64), DecodeSize(300, 8, 2, 48),
    DecodeSize(3, 8, 1, 16),
  ]

  /// All four group sizes over working sets from 64 KiB to 256 MiB, with three head sizes.
  static let grid: [DecodeSize] =
    [64, 256, 512, 1024, 4096, 16_384, 65_536].flatMap { keys in
      (keys == 512 ? [8] : [8, 4, 2, 1]).filter { keys * $0 <= 1 << 18 }.map {
        DecodeSize(keys, 8, $0, 128)
      }
    }
    + [96, 768, 3072, 12_288, 49_152].flatMap { keys in
      [DecodeSize(keys, 8, 8, 64), DecodeSize(keys, 8, 2, 96)]
    }
}
