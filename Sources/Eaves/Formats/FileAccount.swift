/// Where every byte of a file of weights goes.
public struct FileAccount: Sendable, Hashable {
  /// How many files the model is spread over.
  public var files: Int
  /// Their sizes.
  public var fileBytes: Int
  /// Metadata and the list of tensors.
  public var headerBytes: Int
  /// What aligns tensors, and stands after the last of them.
  public var paddingBytes: Int
  /// The tensors that a pass reads: the weights.
  public var weightBytes: Int
  /// Tensors that no pass reads: buffers, parts that the model leaves out.
  public var otherBytes: Int
  /// How many tensors there are, the others too.
  public var tensors: Int
  /// The names of the others.
  public var others: [String]

  /// An account from its parts.
  public init(
    files: Int, fileBytes: Int, headerBytes: Int, paddingBytes: Int, weightBytes: Int,
    otherBytes: Int, tensors: Int, others: [String]
  ) {
    self.files = files
    self.fileBytes = fileBytes
    self.headerBytes = headerBytes
    self.paddingBytes = paddingBytes
    self.weightBytes = weightBytes
    self.otherBytes = otherBytes
    self.tensors = tensors
    self.others = others
  }

  /// The sum of the parts, which is the size of the files.
  public var accounted: Int { headerBytes + paddingBytes + weightBytes + otherBytes }
}
