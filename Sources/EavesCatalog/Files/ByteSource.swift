#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that are read in pieces: a file of any size, of which only what is asked for enters memory.
public final class ByteSource {
  /// The file as the user names it.
  public let path: String
  /// How many bytes there are.
  public let size: Int
  private let storage: Storage

  private enum Storage {
    case memory([UInt8])
    case file(Int32)
  }

  /// Bytes that are in memory already, under the name of a file.
  public init(_ bytes: [UInt8], path: String) {
    self.path = path
    size = bytes.count
    storage = .memory(bytes)
  }

  /// Opens a regular file; symbolic links are followed.
  /// - Parameter path: The file, as the user names it.
  /// - Throws: `DataError`: `badData` for what is no regular file, `notFound` where nothing may be read.
  public init(path: String) throws(DataError) {
    let (descriptor, size) = try FileReader.open(path: path)
    self.path = path
    self.size = size
    storage = .file(descriptor)
  }

  deinit {
    if case .file(let descriptor) = storage { close(descriptor) }
  }

  /// The bytes of a range.
  /// - Parameters:
  ///   - offset: where it begins, from 0.
  ///   - count: how many bytes.
  /// - Returns: exactly so many bytes.
  /// - Throws: `DataError` where the source ends before.
  public func bytes(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw DataError(
        file: path, "ends at byte \(size), before byte \(offset) + \(count)",
        remedy: "the file is incomplete or damaged; get it again")
    }
    switch storage {
    case .memory(let bytes): return Array(bytes[offset..<offset + count])
    case .file(let descriptor): return try read(descriptor, at: offset, count: count)
    }
  }

  private func read(
    _ descriptor: Int32, at offset: Int, count: Int
  ) throws(DataError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = uninterrupted {
          pread(
            descriptor, buffer.baseAddress?.advanced(by: filled), count - filled,
            off_t(offset + filled))
        }
        if got < 0 { failure = errno }
        guard got > 0 else { return }
        filled += got
      }
    }
    guard failure == 0 else {
      throw DataError(.notFound, file: path, "cannot be read (\(systemMessage(failure)))")
    }
    guard bytes.count == count else {
      throw DataError(
        file: path, "has become shorter while it was read", remedy: "wait until it is complete")
    }
    return bytes
  }
}
