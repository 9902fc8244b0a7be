import Foundation
import Testing

/// What a run of a tool left: how it ended, and both of its outputs apart.
struct Outcome: Sendable {
  /// The exit code; negative where a signal ended it.
  var code: Int32
  var bytes: Data
  var error: String

  var output: String { String(decoding: bytes, as: UTF8.self) }

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs `eaves` with the words of a line.
func eaves(_ line: String, in place: Workplace? = nil) throws -> Outcome {
  try eaves(line.split(separator: " ").map(String.init), in: place)
}

/// Runs `eaves` with arguments, some of which a line could not spell.
func eaves(
  _ arguments: [String], in place: Workplace? = nil, tool: BuiltTool = .eaves
) throws -> Outcome {
  try Outcome(of: tool.path(), arguments, in: place?.path)
}

extension Outcome {
  /// How long a run may take before it is ended, in seconds.
  private static let limit = 60.0

  /// Runs a program with no input.
  ///
  /// Its outputs go to files, so that neither can fill up and block the other. Started by `posix_spawn`: Foundation's
  /// `Process.run` has read past its memory when many tests started programs at once.
  init(of program: String, _ arguments: [String], in folder: String? = nil) throws {
    let captured = Workplace()
    let child = try Child(
      program, arguments, Self.environment, in: folder ?? captured.path,
      output: captured.url.appending(path: "output").path(percentEncoded: false),
      error: captured.url.appending(path: "error").path(percentEncoded: false))
    let start = ContinuousClock.now
    var status = child.status()
    while status == nil {
      usleep(1000)
      status = child.status()
      if status == nil, start.duration(to: .now) > .seconds(Self.limit) {
        Issue.record("\(arguments) did not end")
        child.end()
        usleep(10_000)
      }
    }
    code = status ?? -1
    bytes = try Data(contentsOf: captured.url.appending(path: "output"))
    error = String(
      decoding: try Data(contentsOf: captured.url.appending(path: "error")), as: UTF8.self)
  }

  /// The environment of the tests, with nothing that changes what is printed.
  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = nil
    environment["COLUMNS"] = "80"
    return environment
  }
}

extension Outcome {
  /// The run did what was asked, and said nothing but results.
  func expectSuccess(_ place: SourceLocation = #_sourceLocation) {
    #expect(code == 0 && error.isEmpty, "\(code): \(error)", sourceLocation: place)
    #expect(!bytes.isEmpty, sourceLocation: place)
  }

  /// The run refused in one clear line, printed no result and did not crash.
  func expectRefusal(
    _ expected: Int32, naming parts: [String] = [], _ context: String = "",
    sourceLocation place: SourceLocation = #_sourceLocation
  ) {
    let said = "\(context.prefix(200)) ended with \(code): \(error.prefix(1000))"
    #expect(code == expected, "\(said)", sourceLocation: place)
    #expect(bytes.isEmpty, "\(said)", sourceLocation: place)
    let lines = error.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last?.isEmpty == true, "\(said)", sourceLocation: place)
    // The parser's own errors may add help and usage.
    let isParser = error.hasPrefix("Error: ")
    let isOneLine = error.hasPrefix("eaves: ") && lines.count == 2
    #expect(isParser || isOneLine, "\(said)", sourceLocation: place)
    #expect(
      lines.dropFirst().allSatisfy { line in
        line.isEmpty || ["Help: ", "Usage: ", "  "].contains { line.hasPrefix($0) }
      }, "\(said)", sourceLocation: place)
    #expect(!error.utf8.contains { $0 < 0x20 && $0 != 0x0A }, "\(said)", sourceLocation: place)
    #expect(error.utf8.count < 4000, "\(said)", sourceLocation: place)
    for part in parts {
      #expect(error.contains(part), "\(part): \(said)", sourceLocation: place)
    }
  }
}
