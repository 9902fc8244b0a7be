import ArgumentParser

/// `eaves`: what a model costs on a chip, and why.
@main
struct EavesTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eaves",
    abstract: "What a transformer costs on a chip, and why.",
    discussion: """
      Is it compute or bandwidth bound? How does the KV cache grow? Is a technique realisable here, \
      or only on paper? Every figure has a unit, a source and a bound.

      EXAMPLE: eaves bound llama-3.1-8b --on apple-m2-max-38 --weights q4_k_m
      """,
    version: "eaves \(Tool.version)",
    subcommands: [
      BoundCommand.self, KVCommand.self, CompareCommand.self, SweepCommand.self, ChipsCommand.self,
      ModelsCommand.self, RuntimesCommand.self,
      FormatsCommand.self, StudiesCommand.self, ValidateCommand.self, DoctorCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error, of: self)
    }
  }
}

/// Facts about the tool itself.
enum Tool {
  static let version = "0.1.0"

  /// The command as it was typed, for provenance: the program by its name, not its place, and arguments
  /// quoted so that a shell reads them back.
  static var commandLine: String {
    (["eaves"] + CommandLine.arguments.dropFirst().map(quotedForShell)).joined(separator: " ")
  }

  private static func quotedForShell(_ argument: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%")
    guard argument.isEmpty || !argument.allSatisfy(plain.contains) else { return argument }
    return "'"
      + argument.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
