import Eaves

/// A depthwise filter of k × k over a map, with its normalisation folded in, and SiLU (Howard and others 2017, MobileNets,
/// section 3.1).
///
/// x [b·side², C], filter [C, k²], scale and shift [2, C], y [b·side'², C]; the border is zeros. Each channel is
/// filtered by itself: lane operations, no matrix work.
enum DepthwiseConvolution {
  /// - Throws: `KernelError` where the operands have other sizes.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, side: Int, stride: Int, batch: Int
  ) throws(KernelError) {
    let output = try buffers.output()
    let channels = output.columns
    let input = try buffers.buffer(0, rows: batch * side * side, columns: channels)
    let kernel = Int(Double(buffers[1].columns).squareRoot())
    let filter = try buffers.buffer(1, rows: channels, columns: kernel * kernel)
    let norm = try buffers.buffer(2, rows: 2, columns: channels)
    let outputSide = (side + stride - 1) / stride
    for channel in 0..<channels {
      // Folded once, when a model is loaded: no work of the step.
      let scale = norm[0, channel].widened
      let folded = (0..<kernel * kernel).map { Scalar(filter[channel, $0].widened * scale) }
      let shift = norm[1, channel]
      for place in 0..<batch * outputSide * outputSide {
        let (image, row) = (place / (outputSide * outputSide), place / outputSide % outputSide)
        var sum = shift
        for tap in 0..<kernel * kernel {
          let y = row * stride + tap / kernel - kernel / 2
          let x = place % outputSide * stride + tap % kernel - kernel / 2
          let isInside = (0..<side).contains(y) && (0..<side).contains(x)
          // The border is multiplied as zeros.
          let pixel = isInside ? input[(image * side + y) * side + x, channel] : .zero
          sum = sum + folded[tap] * pixel
        }
        output[place, channel] = sum * (Scalar(1) + (-sum).exponential).reciprocal
      }
    }
  }
}
