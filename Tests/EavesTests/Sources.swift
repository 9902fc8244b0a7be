import Foundation

/// The Swift files of the package, seen from this one.
enum Sources {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The Swift files below a folder of `Sources`, by path from there.
  static func files(in folder: String) throws -> [(path: String, text: String)] {
    let url = root.appending(path: "Sources").appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: url.path())
    return try paths.sorted().filter { $0.hasSuffix(".swift") }.map {
      ($0, try String(contentsOf: url.appending(path: $0), encoding: .utf8))
    }
  }

  /// The types below a folder that are declared to conform to a protocol.
  static func types(conformingTo name: String, in folder: String) throws -> [String] {
    let declaration = try Regex<(Substring, Substring)>(
      "(?:struct|enum|class) (\\w+)(?:<[^>]*>)?: (?:\\w+, )*\(name)\\b")
    return try files(in: folder).flatMap { file in
      file.text.matches(of: declaration).map { String($0.output.1) }
    }
  }
}
