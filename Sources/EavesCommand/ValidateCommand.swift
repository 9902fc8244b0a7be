import ArgumentParser
import EavesCatalog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `eaves validate`: how far predictions are from what is measured.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Compare predictions with what a machine does.",
    discussion: "EXAMPLE: eaves validate figures",
    subcommands: [FiguresCommand.self, Kernels.self, Pruning.self])

  struct Kernels: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Predict kernels, run them on this machine, and compare (by eaves-kernels).",
      discussion: "EXAMPLE: eaves validate kernels --counts --family matmul")

    @Argument(parsing: .captureForPassthrough, help: "Options of eaves-kernels validate kernels.")
    var rest: [String] = []

    func run() throws { try Companion.run(["validate", "kernels"] + rest) }
  }

  struct Pruning: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What dropping heads, neurons and layers costs a small model (by eaves-kernels).",
      discussion: "EXAMPLE: eaves validate pruning")

    @Argument(
      parsing: .captureForPassthrough, help: "Options of eaves-kernels validate pruning.")
    var rest: [String] = []

    func run() throws { try Companion.run(["validate", "pruning"] + rest) }
  }
}

/// `eaves-kernels`, which links OpenBLAS: run from the folder of `eaves` or the path, as git does.
enum Companion {
  static let name = "eaves-kernels"

  /// Replaces this process by the companion; only returns by throwing.
  /// - Throws: `DataError` (`notFound`) where there is no companion.
  static func run(_ arguments: [String]) throws {
    if let path {
      var pointers = ([path] + arguments).map { strdup($0) } + [nil]
      execv(path, &pointers)
    }
    throw DataError(
      .notFound, "\(name) is neither beside eaves nor on the path",
      remedy: "build it with `swift build -c release --product \(name)` (it needs OpenBLAS: "
        + "libopenblas-dev on Debian) and put it beside eaves")
  }

  /// Where the companion is; `nil` where there is none.
  static var path: String? { candidates.first { access($0, X_OK) == 0 } }

  private static var candidates: [String] {
    let folders = [ownFolder].compactMap { $0 } + searchPath
    return folders.map { "\($0)/\(name)" }
  }

  /// The folder of the running program.
  private static var ownFolder: String? {
    guard let own = realpath("/proc/self/exe", nil) ?? realpath(CommandLine.arguments[0], nil)
    else { return nil }
    defer { free(own) }
    let path = String(cString: own)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }

  private static var searchPath: [String] {
    guard let path = getenv("PATH") else { return [] }
    return String(cString: path).split(separator: ":").map(String.init)
  }
}
