/// What the encoder of an encoder-decoder reads where that is no text: frames of features, through filters
/// (Whisper, section 2.2).
public struct EncoderInput: Sendable, Hashable {
  /// One filter over time, with a bias and a GELU.
  public struct Convolution: Sendable, Hashable {
    /// Features of a frame that it reads.
    public var channels: Int
    /// Frames that it reads at once, and by how many it moves on.
    public var kernel: Int
    public var stride: Int

    /// A filter.
    public init(channels: Int, kernel: Int, stride: Int) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
    }
  }

  /// The filters in order; each gives rows of the model's width.
  public var convolutions: [Convolution]
  /// Rows of the position table of the encoder.
  public var positionRows: Int

  /// An input.
  public init(convolutions: [Convolution], positionRows: Int) {
    self.convolutions = convolutions
    self.positionRows = positionRows
  }
}
