import Foundation
import Testing

/// What does not compile: kinds that must not mix, held by the compiler itself.
@Suite struct TypingTests {
  static let rejected = [
    "let a = Bytes(1) / FLOPsPerSecond(1)",
    "let a = Bytes(1) + Seconds(1)",
    "let a = Bytes(1) - FLOPs(1)",
    "let a = FLOPs(1) * Bytes(1)",
    "let a = Bytes(1) * BytesPerSecond(1)",
    "let a = FLOPs(1) / BytesPerSecond(1)",
    "let a = Watts(1) * Joules(1)",
    "let a = Seconds(1) < Bytes(1)",
    "let a = Seconds(1) == Bytes(1)",
    "let a: Bytes = 5",
    "let a: Bytes = 5.0",
    "let a: Seconds = Bytes(1)",
    "let a: Double = Bytes(1)",
    "let a = Bytes(1) + 1",
    "let a = max(Bytes(1), Seconds(1))",
    "let a = [Bytes(1)].reduce(Seconds.zero, +)",
    "var a = Bytes(1); a += Seconds(1)",
    "let a: Seconds = Bytes(1) / Bytes(1)",
    "let a: Joules = Watts(1) / Seconds(1)",
    "let a = FLOPs(multiplyAdds: Bytes(1))",
  ]

  static let accepted = [
    "let a: Seconds = Bytes(1) / BytesPerSecond(1)",
    "let a: Double = Bytes(1) / Bytes(1)",
    "let a: Intensity = FLOPs(1) / Bytes(1)",
    "let a: Joules = Watts(1) * Seconds(1)",
    "let a: Bytes = max(Bytes(1), Bytes(5))",
    "let a = [Bytes(1)].reduce(.zero, +)",
    "let a = 2 * Seconds(1) + Seconds(1) / 3",
  ]

  @Test func unlikeKindsDoNotCompile() throws {
    let (status, diagnostics) = try Self.check(Self.rejected)
    #expect(status != 0)
    for (line, snippet) in Self.rejected.enumerated() {
      #expect(
        diagnostics.contains("Snippets.swift:\(line + 1):") == true, "compiles: \(snippet)")
    }
  }

  @Test func likeKindsCompile() throws {
    let (status, diagnostics) = try Self.check(Self.accepted)
    #expect(status == 0, "\(diagnostics)")
  }

  /// Type-checks the sources of the module together with one function a line.
  private static func check(_ snippets: [String]) throws -> (status: Int32, diagnostics: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "eaves-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Snippets.swift")
    let lines = snippets.enumerated().map { "func snippet\($0)() { \($1); _ = a }\n" }
    try lines.joined().write(to: file, atomically: true, encoding: .utf8)

    let sources = try FileManager.default.contentsOfDirectory(
      at: Sources.quantities, includingPropertiesForKeys: nil)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-typecheck", "-swift-version", "6"]
      + sources.filter { $0.pathExtension == "swift" }.map { $0.path() } + [file.path()]
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(bytes: output, encoding: .utf8) ?? ""
    let errors = text.split(separator: "\n").filter { $0.contains(": error:") }
    return (process.terminationStatus, errors.joined(separator: "\n"))
  }
}
