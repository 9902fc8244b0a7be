public import Eaves

/// Unfolding a map into tokens by pixel, and folding it back.
public struct UnfoldingCase: KernelCase {
  public static let family = "unfold"
  let isFolding: Bool
  private static let (side, patch, width) = (6, 2, 4)

  public var shape: String {
    "\(isFolding ? "fold" : "unfold") \(Self.side)×\(Self.side) d\(Self.width)"
  }
  /// Copies are exact.
  public var tolerance: Double { 0 }

  public var operations: [Operation] {
    get throws(KernelError) {
      let all = try TinyModel(
        hidden: 4, mixer: "mobilevit_block",
        [
          "channels": 3, "size": Self.side, "patch_size": Self.patch, "hidden_size": Self.width,
          "heads": 2, "feed_forward_size": 8, "layers": 1,
        ], kind: .encoder
      ).operations(.encode(1)).filter { $0.id == .unfold }
      guard let copy = all.first else { throw .notEmitted("unfold") }
      return [copy]
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try Unfolding.run(buffers, side: Self.side, patch: Self.patch, isFolding: isFolding)
    return try buffers.output().values
  }

  /// Tokens in the order of their place in a patch, then of their patch; float32 holds the inputs exactly.
  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let x = try memory.buffers(0)[0].values
    let (side, patch, width) = (Self.side, Self.patch, Self.width)
    var pixels: [Int] = []
    for y in 0..<patch {
      for z in 0..<patch {
        for row in stride(from: y, to: side, by: patch) {
          for column in stride(from: z, to: side, by: patch) { pixels.append(row * side + column) }
        }
      }
    }
    var result = x
    for (token, pixel) in pixels.enumerated() {
      for channel in 0..<width {
        let (from, to) = isFolding ? (token, pixel) : (pixel, token)
        result[to * width + channel] = x[from * width + channel]
      }
    }
    return result
  }

  static let all: [any KernelCase] = [false, true].map { UnfoldingCase(isFolding: $0) }
}
