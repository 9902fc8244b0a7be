#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears under its name when it is complete, or not at all.
///
/// It is written under a temporary name in the same folder and renamed by `commit()`; `discard()`, or letting
/// go of it without a commit, removes it. A symbolic link is followed: the file that it names is replaced.
/// What is no regular file (`/dev/null`, a pipe) cannot be replaced and is written to directly.
public final class AtomicFile {
  private let path: String
  private let target: String
  private var temporary: String?
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Opens a file for writing; nothing is seen under its name yet.
  /// - Parameter path: The file, as the user names it.
  /// - Throws: `DataError` (`cannotWrite`) where there is no such folder, or nothing may be written there.
  public init(path: String) throws(DataError) {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw DataError(.cannotWrite, file: path, "is no file name")
    }
    var old = stat()
    let exists = stat(path, &old) == 0
    if exists {
      guard old.st_mode & S_IFMT != S_IFDIR else {
        throw DataError(.cannotWrite, file: path, "is a folder", remedy: "name a file in it")
      }
      guard access(path, W_OK) == 0 else { throw Self.unwritable(path, errno) }
    }
    if exists, old.st_mode & S_IFMT != S_IFREG {
      target = path
      temporary = nil
      descriptor = uninterrupted { open(path, O_WRONLY | O_CLOEXEC) }
      guard descriptor >= 0 else { throw Self.unwritable(path, errno) }
    } else {
      target = exists ? try Self.resolved(path) : path
      (descriptor, temporary) = try Self.temporaryFile(
        beside: target, mode: exists ? old.st_mode & 0o777 : nil, path: path)
    }
  }

  deinit { discard() }

  /// Writes bytes and puts the file in its place: the three steps in one.
  /// - Throws: `DataError` (`cannotWrite`); nothing is left behind.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(DataError) {
    let file = try AtomicFile(path: path)
    try file.append(bytes)
    try file.commit()
  }

  /// Adds bytes at the end.
  /// - Throws: `DataError` (`cannotWrite`), for instance where the disk is full.
  public func append(_ bytes: some Sequence<UInt8>) throws(DataError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Adds a text at the end.
  /// - Throws: `DataError` (`cannotWrite`), for instance where the disk is full.
  public func append(_ text: String) throws(DataError) {
    try append(text.utf8)
  }

  /// Puts the finished file in its place.
  /// - Throws: `DataError` (`cannotWrite`); the temporary file is removed.
  public func commit() throws(DataError) {
    guard descriptor >= 0 else { return }
    try flush()
    let closed = close(descriptor)
    descriptor = -1
    // A file system over the network may say only here that it has no room.
    guard closed == 0 || errno == EINTR else { throw failure(errno) }
    guard let name = temporary else { return }
    guard rename(name, target) == 0 else { throw failure(errno) }
    temporary = nil
  }

  /// Gives the file up: what was written is removed, and the old file, if any, stays.
  public func discard() {
    buffer = []
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if let name = temporary { unlink(name) }
    temporary = nil
  }

  private func flush() throws(DataError) {
    var start = 0
    while start < buffer.count {
      let written = buffer.withUnsafeBytes { bytes in
        writeBytes(
          descriptor, from: bytes.baseAddress?.advanced(by: start), count: bytes.count - start)
      }
      guard written > 0 else { throw failure(written < 0 ? errno : ENOSPC) }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ code: Int32) -> DataError {
    discard()
    return Self.unwritable(path, code)
  }

  /// Creates an empty file with a name of its own in the folder of the target.
  private static func temporaryFile(
    beside target: String, mode: mode_t?, path: String
  ) throws(DataError) -> (descriptor: Int32, name: String) {
    var link = stat()
    if mode == nil, lstat(path, &link) == 0 {
      throw DataError(
        .cannotWrite, file: path, "is a link to a file that does not exist",
        remedy: "correct or remove the link")
    }
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    for _ in 0..<100 {
      let name = "\(folder).eaves-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
      let descriptor = uninterrupted { open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      if descriptor >= 0 {
        if let mode { fchmod(descriptor, mode) }
        return (descriptor, name)
      }
      guard errno == EEXIST else { break }
    }
    throw unwritable(path, errno)
  }

  /// The file that the links of a path end at.
  private static func resolved(_ path: String) throws(DataError) -> String {
    guard let real = realpath(path, nil) else { throw unwritable(path, errno) }
    defer { free(real) }
    return String(cString: real)
  }

  private static func unwritable(_ path: String, _ code: Int32) -> DataError {
    let problem =
      switch code {
      case ENOENT, ENOTDIR: "cannot be written (there is no such folder)"
      case EACCES, EPERM: "cannot be written (permission denied)"
      case EROFS: "cannot be written (the file system is read-only)"
      case ENOSPC, EDQUOT: "cannot be written (no space left)"
      case ELOOP: "cannot be written (a loop of links)"
      case ENAMETOOLONG: "cannot be written (the name is too long)"
      default: "cannot be written (\(systemMessage(code)))"
      }
    return DataError(.cannotWrite, file: path, problem)
  }
}
