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
    let code: Int32
    let message: String
    switch error {
    case let error as DataError:
      code = error.kind.exitCode
      message = error.description
    case let error as OptionError:
      code = 64
      message = error.description
    case PlanError.option(let error):
      code = 64
      message = error.description
    case PlanError.missing(let figure):
      code = 65
      message = figure.description
    case let error as MissingFigure:
      code = 65
      message = error.description
    default:
      command.exit(withError: error)
    }
    Output.error("eaves: \(message)")
    endProcess(code)
  }
}

/// `exit` of the C library, which `Failure.exit` hides.
private func endProcess(_ code: Int32) -> Never { exit(code) }
