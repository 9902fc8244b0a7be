extension RowOperation {
  /// The token shift of RWKV: mixes of each row with the one before it, x + μ·(x' − x).
  ///
  /// One subtraction, and two lane operations a mix and channel.
  /// - Parameters:
  ///   - width: model width (d).
  ///   - mixes: how many mixes are made.
  ///   - vectors: learned vectors of width d; as many as mixes unless said otherwise.
  ///   - isWide: whether the earlier row is kept in 32 bits.
  ///   - formats: formats of the layer.
  /// - Returns: the operation, with the earlier row of each sequence as its state.
  static func tokenShift(
    width: Int, mixes: Int, vectors: Int? = nil, isWide: Bool = false, _ formats: LayerFormats
  ) -> RowOperation {
    var shift = RowOperation(
      .convolution, .filter(taps: 2), width: width, vector: Double((1 + 2 * mixes) * width),
      formats)
    shift.written = mixes * width
    shift.vectors = (vectors ?? mixes) * width
    if isWide {
      shift.wideState = width
      shift.narrowState = 0
    }
    return shift
  }

  /// A sigmoid gate on each channel: one multiplication and one special function.
  static func sigmoidGate(width: Int, _ formats: LayerFormats) -> RowOperation {
    var gate = RowOperation(
      .outputGate, .pointwise, width: width, vector: Double(width), formats)
    gate.read = 2 * width
    gate.special = Double(width)
    return gate
  }
}
