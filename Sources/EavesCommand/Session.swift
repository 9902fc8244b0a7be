import Eaves
import EavesCatalog
import EavesReport

extension Resolver {
  /// Figures of everything read that rest on memory, with the file's name.
  var unverifiedFigures: [String] {
    inputs.flatMap { input in input.unverified.map { "\(input.name) \($0)" } }
  }

  /// Where the figures of this run come from.
  var provenance: Provenance {
    Provenance(
      version: Tool.version, command: Tool.commandLine,
      inputs: inputs.map {
        Provenance.Input(
          kind: $0.kind.rawValue, id: $0.name, hash: $0.hash, unverified: $0.unverified)
      })
  }
}

extension [Axis] {
  /// The axes with one replaced or added.
  func setting(_ option: Eaves.Option, to values: [String]) -> [Axis] {
    filter { $0.option != option } + [Axis(option, values: values)]
  }

  /// Whether a prompt and a number of tokens to generate are given, so that rows have times of a request.
  var haveRequest: Bool {
    [Eaves.Option.prompt, .generate].allSatisfy { option in contains { $0.option == option } }
  }
}
