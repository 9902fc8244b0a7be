public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The depthwise convolution of an inverted residual block.
public struct DepthwiseCase: KernelCase {
  public static let family = "depthwise-convolution"
  let channels: Int
  let side: Int
  let stride: Int
  let batch: Int

  public var shape: String { "b\(batch) C\(channels) \(side)×\(side) stride \(stride)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      let all = try TinyModel(
        hidden: 4, mixer: "inverted_residual",
        [
          "channels": 4, "size": side, "output_channels": 4, "stride": stride,
          "expanded_channels": channels,
        ], kind: .encoder
      ).operations(.encode(1, batch: batch), .convolution, .convolution, .convolution)
      return [all[1]]
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try DepthwiseConvolution.run(buffers, side: side, stride: stride, batch: batch)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    let (x, filter, norm) = (buffers[0].values, buffers[1].values, buffers[2].values)
    let out = (side + stride - 1) / stride
    return (0..<batch * out * out * channels).map { place in
      let (pixel, channel) = (place / channels, place % channels)
      let (image, row, column) = (pixel / (out * out), pixel / out % out, pixel % out)
      var sum = 0.0
      for dy in -1...1 {
        for dx in -1...1 {
          let (y, z) = (row * stride + dy, column * stride + dx)
          guard y >= 0, y < side, z >= 0, z < side else { continue }
          sum +=
            filter[channel * 9 + (dy + 1) * 3 + dx + 1]
            * x[((image * side + y) * side + z) * channels + channel]
        }
      }
      let normed = sum * norm[channel] + norm[channels + channel]
      return normed / (1 + exp(-normed))
    }
  }

  static let all: [any KernelCase] = [(6, 5, 1, 1), (3, 7, 2, 2)].map {
    DepthwiseCase(channels: $0.0, side: $0.1, stride: $0.2, batch: $0.3)
  }
}
