import EavesCatalog
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct AtomicFileTests {
  private let folder = TemporaryFolder()

  private func error(_ path: String) -> DataError? {
    do {
      try AtomicFile.write("x".utf8, to: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func writesAFile() throws {
    try AtomicFile.write("abc".utf8, to: "\(folder.path)/a")
    #expect(folder.text(of: "a") == "abc")
    #expect(folder.names == ["a"])
  }

  @Test func showsNothingBeforeTheCommit() throws {
    folder.write("old".utf8, to: "a")
    let file = try AtomicFile(path: "\(folder.path)/a")
    try file.append(String(repeating: "new ", count: 50_000))
    #expect(folder.text(of: "a") == "old")
    try file.append("end")
    try file.commit()
    #expect(folder.text(of: "a") == String(repeating: "new ", count: 50_000) + "end")
    #expect(folder.names == ["a"])
  }

  @Test func leavesNothingBehindWhenDiscarded() throws {
    folder.write("old".utf8, to: "a")
    let file = try AtomicFile(path: "\(folder.path)/a")
    try file.append("new")
    file.discard()
    #expect(folder.text(of: "a") == "old")
    #expect(folder.names == ["a"])
  }

  @Test func leavesNothingBehindWhenForgotten() throws {
    do {
      let file = try AtomicFile(path: "\(folder.path)/a")
      try file.append(String(repeating: "x", count: 1 << 17))
    }
    #expect(folder.names.isEmpty)
  }

  @Test func keepsTheModeOfAnOldFile() throws {
    let path = folder.write("old".utf8, to: "a")
    chmod(path, 0o640)
    try AtomicFile.write("new".utf8, to: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test func keepsLinks() throws {
    folder.write("old".utf8, to: "a")
    symlink("a", "\(folder.path)/b")
    try AtomicFile.write("new".utf8, to: "\(folder.path)/b")
    #expect(folder.text(of: "a") == "new")
    var status = stat()
    #expect(lstat("\(folder.path)/b", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func writesToDevicesDirectly() throws {
    try AtomicFile.write("x".utf8, to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0))
  func saysThatThereIsNoSpace() {
    #expect(
      error("/dev/full")
        == DataError(.cannotWrite, file: "/dev/full", "cannot be written (no space left)"))
  }

  @Test func refusesWhereItCannotWrite() {
    #expect(
      error(folder.path)
        == DataError(
          .cannotWrite, file: folder.path, "is a folder", remedy: "name a file in it"))
    let nowhere = "\(folder.path)/none/a"
    #expect(
      error(nowhere)
        == DataError(.cannotWrite, file: nowhere, "cannot be written (there is no such folder)"))
    let link = "\(folder.path)/link"
    symlink("none", link)
    #expect(
      error(link)
        == DataError(
          .cannotWrite, file: link, "is a link to a file that does not exist",
          remedy: "correct or remove the link"))
    #expect(error("") == DataError(.cannotWrite, "is no file name"))
    #expect(folder.names == ["link"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func refusesReadOnlyFiles() {
    let path = folder.write("old".utf8, to: "a")
    chmod(path, 0o400)
    #expect(
      error(path)
        == DataError(.cannotWrite, file: path, "cannot be written (permission denied)"))
    #expect(folder.text(of: "a") == "old")
  }
}
