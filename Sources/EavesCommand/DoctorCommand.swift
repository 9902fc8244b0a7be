import ArgumentParser
import EavesCatalog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `eaves doctor`: what is installed, for bug reports.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "What is installed, for bug reports.",
    discussion: "EXAMPLE: eaves doctor")

  func run() throws {
    var system = utsname()
    let named = uname(&system) == 0
    let name = withUnsafeBytes(of: system.sysname) { text(of: $0) }
    let machine = withUnsafeBytes(of: system.machine) { text(of: $0) }
    Output.print("eaves \(Tool.version)")
    Output.print("system: \(named ? "\(name) on \(machine)" : "unknown")")
    for kind in CatalogFile.Kind.allCases {
      Output.print("shipped \(kind.plural): \(Catalog.shipped.names(of: kind).count)")
    }
    Output.print(
      "\(Companion.name): \(Companion.path ?? "not found beside eaves or on the path; kernels cannot run")"
    )
  }

  private func text(of bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
