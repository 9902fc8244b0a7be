import ArgumentParser
import Eaves
import EavesCatalog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How errors leave the tool: one line on standard error and the exit code of the contract.
enum Failure {
  /// Ends the process for an error.
  static func exit(with error: any Error, of command: any ParsableCommand.Type) -> Never {
    guard let (code, text) = described(error, of: command) else { command.exit(withError: error) }
    if !text.isEmpty { Output.error(text) }
    endProcess(code)
  }

  /// The exit code and the text of an error; `nil` for what is none (`--help`, `--version`).
  static func described(
    _ error: any Error, of command: any ParsableCommand.Type
  ) -> (code: Int32, text: String)? {
    switch error {
    case let error as DataError: return (error.kind.exitCode, line(error.description))
    case let error as OptionError: return (64, line(error.description))
    case PlanError.option(let error), PlanError.refused(let error):
      return (64, line(error.description))
    case PlanError.missing(let figure): return (65, line(figure.description))
    case let error as MissingFigure: return (65, line(error.description))
    // What a command finds in its own arguments; the parser would show the usage of the whole tool.
    case let error as ValidationError: return (64, line(error.message))
    case let error as ExitCode: return (error.rawValue, "")
    default: return parser(error, of: command)
    }
  }

  private static func parser(
    _ error: any Error, of command: any ParsableCommand.Type
  ) -> (code: Int32, text: String)? {
    let code = command.exitCode(for: error)
    guard code != .success else { return nil }
    // Neither an error of ours nor one of the parser: a fault of this program.
    guard code == .validationFailure else { return (70, line("a fault of eaves: \(error)")) }
    // The parser quotes arguments as they are.
    let message = command.message(for: error)
    let full = command.fullMessage(for: error)
    return (64, full.replacing(message, with: onOneLine(message), maxReplacements: 1))
  }

  private static func line(_ message: String) -> String { "eaves: \(onOneLine(message))" }

  /// A message without what breaks the line or moves the cursor, and without the middle of a very long one.
  static func onOneLine(_ message: String) -> String {
    var text = ""
    for scalar in message.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        let names: [Unicode.Scalar: String] = ["\n": "\\n", "\r": "\\r", "\t": "\\t"]
        text += names[scalar] ?? "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    let (head, tail) = (1200, 300)
    return text.count > head + tail ? "\(text.prefix(head)) … \(text.suffix(tail))" : text
  }
}

/// `exit` of the C library, which `Failure.exit` hides.
private func endProcess(_ code: Int32) -> Never { exit(code) }
