import EavesCatalog
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FileReaderTests {
  private let folder = TemporaryFolder()

  private func error(_ path: String) -> DataError? {
    do {
      _ = try FileReader.read(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 100_000])
  func readsWholeFiles(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    #expect(try FileReader.read(path: folder.write(bytes, to: "a")) == bytes)
  }

  @Test func followsLinks() throws {
    folder.write([1, 2], to: "a")
    symlink("a", "\(folder.path)/b")
    #expect(try FileReader.read(path: "\(folder.path)/b") == [1, 2])
  }

  @Test func findsNoFile() {
    let path = "\(folder.path)/none"
    #expect(error(path) == DataError(.notFound, file: path, "no such file"))
    let inFile = folder.write([], to: "a") + "/b"
    #expect(
      error(inFile)
        == DataError(.notFound, file: inFile, "no such file (a part of its path is no folder)"))
    let long = "\(folder.path)/" + String(repeating: "x", count: 300)
    #expect(
      error(long) == DataError(.notFound, file: long, "no such file (the name is too long)"))
    #expect(error("") == DataError(.notFound, "is no file name"))
    #expect(error("a\0b") == DataError(.notFound, file: "a\0b", "is no file name"))
  }

  @Test func findsLinksThatLeadNowhere() {
    let path = "\(folder.path)/link"
    symlink("none", path)
    #expect(
      error(path)
        == DataError(
          .notFound, file: path, "is a link to a file that does not exist",
          remedy: "correct or remove the link"))
  }

  @Test func findsLoopsOfLinks() {
    let path = "\(folder.path)/loop"
    symlink("loop", path)
    #expect(error(path) == DataError(.notFound, file: path, "is a loop of links"))
  }

  @Test func refusesWhatIsNoFile() {
    #expect(
      error(folder.path)
        == DataError(file: folder.path, "is a folder, not a file", remedy: "name a file"))
    let pipe = "\(folder.path)/pipe"
    mkfifo(pipe, 0o600)
    #expect(error(pipe) == DataError(file: pipe, "is a pipe, not a file", remedy: "name a file"))
    #expect(
      error("/dev/zero")
        == DataError(file: "/dev/zero", "is a device, not a file", remedy: "name a file"))
  }

  @Test func refusesLargeFiles() {
    let path = folder.write([], to: "large")
    truncate(path, off_t(FileReader.largestSize) + 1)
    #expect(
      error(path)
        == DataError(
          file: path, "is larger than 16 MiB", remedy: "no file of that size is read"))
    truncate(path, off_t(FileReader.largestSize))
    #expect(error(path) == nil)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func findsWhatMayNotBeRead() {
    let path = folder.write([1], to: "secret")
    chmod(path, 0)
    #expect(
      error(path) == DataError(.notFound, file: path, "may not be read (permission denied)"))
  }
}
