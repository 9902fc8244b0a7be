import Foundation
import Testing

/// Help is prose that people read: it is held word by word.
@Suite struct HelpTests {
  static let commands = [
    "bound", "kv", "compare", "sweep", "search", "chips", "models", "runtimes", "formats",
    "techniques",
    "studies", "calibrate", "validate", "doctor",
  ]

  @Test(arguments: commands)
  func theHelpOfACommandAndItsSubcommandsIsAsItWas(command: String) throws {
    try Snapshot.check(Self.help([command]), "help-\(command)")
  }

  @Test func theHelpOfTheToolIsAsItWasAndListsExactlyTheCommandsHeldHere() throws {
    let help = try eaves("--help")
    help.expectSuccess()
    #expect(Self.subcommands(in: help.output).sorted() == Self.commands.sorted())
    try Snapshot.check(help.output, "help")
  }

  @Test func theHelpOfEavesKernelsIsAsItWas() throws {
    try Snapshot.check(Self.help([], tool: .kernels), "help-eaves-kernels")
  }

  @Test func noArgumentsDashHAndHelpPrintTheSame() throws {
    let help = try eaves("--help").output
    for line in ["", "-h", "help"] { #expect(try eaves(line).output == help, "\(line)") }
    #expect(try eaves("help kv").output == eaves("kv --help").output)
  }

  @Test func theVersionIsOneLine() throws {
    let version = try eaves("--version")
    version.expectSuccess()
    #expect(version.output.wholeMatch(of: /eaves \d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: commands)
  func everyExampleInHelpRuns(command: String) throws {
    let examples = try Self.examples(in: Self.help([command]))
    #expect(!examples.isEmpty)
    let place = try Sample.workplace()
    for example in examples {
      var words = example.prefix { $0 != ">" }.split(separator: " ").map(String.init)
      let tool = try #require(BuiltTool(rawValue: words.removeFirst()))
      // The files in examples are the reader's own.
      try place.write(words.first == "models" ? Sample.model : Sample.study, to: "mine.json")
      let language = URL(filePath: MeasureModelTests.folder)
      try place.write(
        Data(contentsOf: language.appending(path: "llama.gguf")), to: "model.gguf")
      let text = try String(contentsOf: language.appending(path: "talk.txt"), encoding: .utf8)
      try place.write(String(repeating: text, count: 3), to: "book.txt")
      // A hidden option: one point a memory level, figures of no use.
      if words.first == "calibrate" { words += ["--budget", "0.5"] }
      let outcome = try eaves(words, in: place, tool: tool)
      #expect(outcome.code == 0, "\(example): \(outcome.error)")
    }
  }

  /// The help of a command, then of each of its subcommands.
  private static func help(_ path: [String], tool: BuiltTool = .eaves) throws -> String {
    let help = try eaves(path + ["--help"], tool: tool)
    help.expectSuccess()
    let title = "$ \(([tool.rawValue] + path).joined(separator: " ")) --help\n"
    return try subcommands(in: help.output).reduce(title + help.output) { text, name in
      try text + "\n" + Self.help(path + [name], tool: tool)
    }
  }

  private static func subcommands(in help: String) -> [String] {
    guard let list = help.range(of: "SUBCOMMANDS:\n") else { return [] }
    return help[list.upperBound...].matches(of: /(?m)^  ([a-z]+)(?= |$)/).map {
      String($0.output.1)
    }
  }

  /// What stands after `EXAMPLE:`, whose lines help may have broken.
  private static func examples(in help: String) -> [String] {
    help.matches(of: /EXAMPLE: ((?:.+\n)+)/).map {
      $0.output.1.split(separator: "\n").joined(separator: " ")
    }
  }
}
