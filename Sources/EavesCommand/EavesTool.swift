import ArgumentParser
import EavesCatalog

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
      BoundCommand.self, KVCommand.self, CompareCommand.self, SweepCommand.self, SearchCommand.self,
      ChipsCommand.self,
      ModelsCommand.self, RuntimesCommand.self,
      FormatsCommand.self, TechniquesCommand.self, StudiesCommand.self, CalibrateCommand.self,
      ValidateCommand.self,
      DoctorCommand.self,
    ])

  static func main() {
    do {
      try requireCommand(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error, of: self)
    }
  }

  /// Refuses a command that does not exist with the nearest names; the parser would call it an argument.
  static func requireCommand(_ arguments: ArraySlice<String>) throws {
    var command: any ParsableCommand.Type = self
    for name in arguments.prefix(while: { !$0.hasPrefix("-") }) where name != "help" {
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty else { return }
      guard let next = subcommands.first(where: { $0._commandName == name }) else {
        let near = Suggestion.nearest(name, among: subcommands.map { $0._commandName })
        let path = command == Self.self ? "" : "\(command._commandName) "
        throw ValidationError(
          "there is no command \"\(path)\(name)\"; "
            + (near.isEmpty
              ? "eaves \(path)--help lists all" : "did you mean \(near.joined(separator: ", "))?"))
      }
      command = next
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
