/// The kernels whose cache misses are compared with predictions, on shapes small enough for valgrind.
///
/// Each has a cache that its memory does not fit and one that it fits. Capacities are kept off the sizes of whole
/// buffers, where neither of the two describes what happens.
public enum MissList {
  /// All of them: streaming kernels first.
  /// - Throws: `KernelError` where Eaves does not emit the operations of a shape: a fault of ours.
  public static func cases() throws(KernelError) -> [MissCase] {
    try streaming() + tiled()
  }

  private static func streaming() throws(KernelError) -> [MissCase] {
    let wanted: [(any TimedSetting, [Int])] = [
      (GemvTimed(size: GemvSize(1024, 256)), [512, 4096]),
      (GemvLanesTimed(size: GemvSize(1024, 256)), [512, 4096]),
      (GemvInt8Timed.sized(GemvSize(1024, 1024)), [512, 4096]),
      (GemvInt4Timed.sized(GemvSize(1024, 1024)), [256, 4096]),
      (AttentionDecodeTimed(size: DecodeSize(512, 8, 2, 128)), [512, 4096]),
      (ScanTimed(64, 1024), [512, 4096]),
    ]
    var cases: [MissCase] = []
    for (setting, kibibytes) in wanted {
      cases.append(
        MissCase(try TimedShape(setting), .operands, kibibytes: kibibytes, runs: 9))
    }
    return cases
  }

  private static func tiled() throws(KernelError) -> [MissCase] {
    var cases: [MissCase] = []
    for (m, n, k) in [(24, 128, 1920), (48, 384, 512)] {
      let product = MatmulTimed(m: m, n: n, k: k)
      cases.append(
        MissCase(
          try TimedShape(product), .product(product), kibibytes: [128, 512, 4096], runs: 3))
    }
    for (tokens, heads, width) in [(256, 1, 64), (384, 1, 64)] {
      let attention = AttentionTiledTimed(tokens, heads, width)
      cases.append(
        MissCase(
          try TimedShape(attention), .attention(attention.pass), kibibytes: [128, 256, 4096],
          runs: 3))
    }
    return cases
  }
}
