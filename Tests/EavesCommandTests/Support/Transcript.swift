import Testing

/// Runs that must be refused: each is checked, and all of what they say is held in one snapshot.
struct Transcript {
  private(set) var text = ""

  /// Runs a line that must end with a code and name some parts.
  mutating func refuse(
    _ arguments: [String], _ code: Int32, naming parts: [String] = [], title: String? = nil,
    in place: Workplace? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try eaves(arguments, in: place)
    let shown = title ?? "eaves \(arguments.joined(separator: " "))"
    outcome.expectRefusal(code, naming: parts, shown, sourceLocation: sourceLocation)
    text += "$ \(shown)\n\(outcome.error)exit \(outcome.code)\n\n"
  }
}
