import Foundation

/// The executables that were built beside these tests.
enum BuiltTool: String, CaseIterable {
  case eaves
  case kernels = "eaves-kernels"

  /// Where the executable lies: the nearest folder above the test bundle that holds it.
  func path() throws -> String {
    for start in Self.starts {
      var folder = start.resolvingSymlinksInPath()
      for _ in 0..<6 {
        folder.deleteLastPathComponent()
        let path = folder.appending(path: rawValue).path()
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
          !isFolder.boolValue,
          FileManager.default.isExecutableFile(atPath: path)
        {
          return path
        }
      }
    }
    throw NotBuilt(name: rawValue)
  }

  /// Places inside the build folder: the test program on Linux, the test bundle on macOS.
  private static var starts: [URL] {
    #if os(Linux)
      return [URL(filePath: "/proc/self/exe"), URL(filePath: CommandLine.arguments[0])]
    #else
      return [Bundle(for: Marker.self).bundleURL.appending(path: "Contents")]
    #endif
  }

  private final class Marker {}

  struct NotBuilt: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) is not beside the tests; build it with swift build" }
  }
}
