import Eaves

/// The files that hold the weights of one model: one, or several shards.
public struct WeightFiles: Sendable {
  /// What the user named.
  public let path: String
  /// Every tensor of every file, in the order of the files.
  public let tensors: [StoredTensor]
  /// How many files there are, and the sum of their sizes.
  public let files: Int
  public let fileBytes: Int
  /// Metadata and lists of tensors.
  public let headerBytes: Int
  /// The hash of what was read.
  public let hash: String
  /// The metadata of a GGUF file; `nil` for safetensors.
  let metadata: [String: GGUFValue]?

  init(gguf files: [GGUFFile], path: String) {
    self.path = path
    tensors = files.flatMap(\.tensors)
    self.files = files.count
    fileBytes = files.reduce(0) { $0 + $1.fileBytes }
    headerBytes = files.reduce(0) { $0 + $1.headerBytes }
    hash = files.count == 1 ? files[0].hash : contentHash(files.map(\.hash).joined().utf8)
    metadata = files.first?.metadata
  }

  init(safetensors files: [SafetensorsFile], path: String, config: [UInt8]) {
    self.path = path
    tensors = files.flatMap(\.tensors)
    self.files = files.count
    fileBytes = files.reduce(0) { $0 + $1.fileBytes }
    headerBytes = files.reduce(0) { $0 + $1.headerBytes }
    hash = contentHash((files.map(\.hash).joined() + contentHash(config)).utf8)
    metadata = nil
  }

  /// Where every byte goes, once it is known which tensors are weights.
  func account(weights: Int, others: [StoredTensor]) -> FileAccount {
    let tensorBytes = tensors.reduce(0) { $0 + $1.bytes }
    return FileAccount(
      files: files, fileBytes: fileBytes, headerBytes: headerBytes,
      paddingBytes: fileBytes - headerBytes - tensorBytes, weightBytes: weights,
      otherBytes: tensorBytes - weights, tensors: tensors.count, others: others.map(\.name))
  }

  /// The bytes of a tensor, or of a part of it.
  /// - Parameters:
  ///   - tensor: one of `tensors`.
  ///   - range: the bytes, counted from the tensor's first.
  /// - Returns: the bytes as they are stored.
  /// - Throws: `DataError` where the file cannot be read, or ends before.
  public func bytes(of tensor: StoredTensor, _ range: Range<Int>) throws(DataError) -> [UInt8] {
    let source = try ByteSource(path: tensor.file)
    guard range.lowerBound >= 0, range.upperBound <= tensor.bytes else {
      throw DataError(
        file: tensor.file, field: printable(tensor.name),
        "has \(tensor.bytes) bytes, not \(range.upperBound)")
    }
    return try source.bytes(at: tensor.offset + range.lowerBound, count: range.count)
  }
}
