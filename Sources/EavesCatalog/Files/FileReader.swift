#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a whole file into memory, and says clearly why it cannot.
public enum FileReader {
  /// The largest file that is read.
  public static let largestSize = JSONParser.largestSize

  /// The bytes of a regular file; symbolic links are followed.
  /// - Parameter path: The file, as the user names it.
  /// - Returns: What the file holds.
  /// - Throws: `DataError`: `badData` for a directory, a device, a pipe or a file over 16 MB; `notFound`
  ///   where nothing is there, or nothing that may be read.
  public static func read(path: String) throws(DataError) -> [UInt8] {
    let (descriptor, size) = try open(path: path)
    defer { close(descriptor) }
    return try contents(of: descriptor, expecting: size, path: path)
  }

  /// Opens a regular file for reading; the caller closes it.
  /// - Parameter path: The file, as the user names it.
  /// - Returns: Its descriptor and its size in bytes.
  /// - Throws: `DataError` as `read` does; a size is no reason.
  static func open(path: String) throws(DataError) -> (descriptor: Int32, size: Int) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw DataError(.notFound, file: path, "is no file name")
    }
    try requireRegular(path, status(of: path))
    // A pipe put there since must not be waited for.
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw unreadable(path, code)
    }
    do {
      try requireRegular(path, status)
    } catch {
      close(descriptor)
      throw error
    }
    return (descriptor, Int(status.st_size))
  }

  private static func status(of path: String) throws(DataError) -> stat {
    var status = stat()
    if stat(path, &status) == 0 { return status }
    let code = errno
    var link = stat()
    if code == ENOENT, lstat(path, &link) == 0 {
      throw DataError(
        .notFound, file: path, "is a link to a file that does not exist",
        remedy: "correct or remove the link")
    }
    throw unreadable(path, code)
  }

  private static func requireRegular(_ path: String, _ status: stat) throws(DataError) {
    let found: String
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: found = "a folder"
    case S_IFIFO: found = "a pipe"
    case S_IFSOCK: found = "a socket"
    default: found = "a device"
    }
    throw DataError(file: path, "is \(found), not a file", remedy: "name a file")
  }

  private static func contents(
    of descriptor: Int32, expecting size: Int, path: String
  ) throws(DataError) -> [UInt8] {
    // One byte more than allowed is enough to know that a file is too large.
    let limit = largestSize + 1
    var bytes: [UInt8] = []
    var capacity = min(max(size, 0) + 1, limit)
    while bytes.count < limit {
      var failure: Int32 = 0
      let wanted = min(max(capacity - bytes.count, 4096), limit - bytes.count)
      let part = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        let got = readBytes(descriptor, into: buffer.baseAddress, atMost: wanted)
        if got < 0 { failure = errno }
        count = max(got, 0)
      }
      guard failure == 0 else { throw unreadable(path, failure) }
      if part.isEmpty { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      capacity = max(capacity, min(2 * bytes.count, limit))
    }
    throw DataError(
      file: path, "is larger than \(largestSize >> 20) MiB", remedy: "no file of that size is read")
  }

  private static func unreadable(_ path: String, _ code: Int32) -> DataError {
    let problem =
      switch code {
      case ENOENT: "no such file"
      case ENOTDIR: "no such file (a part of its path is no folder)"
      case ELOOP: "is a loop of links"
      case EACCES, EPERM: "may not be read (permission denied)"
      case ENAMETOOLONG: "no such file (the name is too long)"
      default: "cannot be read (\(systemMessage(code)))"
      }
    return DataError(.notFound, file: path, problem)
  }
}
