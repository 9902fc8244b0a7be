/// What a lint says about one place of a chip profile.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  /// How much a finding matters, worst first.
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// Two figures contradict each other, or a name leads nowhere; no shipped profile has one.
    case error
    /// They do, and a note of the profile says which is believed and why.
    case excused
    /// The profile lacks a figure that answers need; what needs it cannot be answered.
    case missing
    /// A figure that nobody has read in its source.
    case unverified
  }

  /// The id of the lint ("bandwidth-monotone").
  public let lint: String
  /// How much it matters.
  public let severity: Severity
  /// Where it stands, by position ("memory[2].bandwidth").
  public let field: String
  /// Where it stands, by name, as a note's `about` would have it ("memory.l2.bandwidth").
  public let name: String
  /// One line that names the values.
  public let message: String
  /// The notes that excuse it.
  public let excuse: String?

  /// The finding on one line: "memory[2].bandwidth: …".
  public var description: String { "\(field): \(message)" }
}

/// Gathers what lints say about one chip.
struct LintReport {
  private(set) var findings: [Finding] = []
  /// The lint that is at work.
  var lint = ""
  /// Notes that excuse, by what they are about.
  private let excuses: [String: String]

  /// A report on a chip, whose notes excuse what they name.
  init(on chip: Chip) {
    var excuses: [String: String] = [:]
    for note in chip.notes where note.isConflict {
      for name in note.about {
        excuses[name] = excuses[name].map { "\($0) \(note.text)" } ?? note.text
      }
    }
    self.excuses = excuses
  }

  /// Two figures disagree: an error unless a note settles it.
  mutating func disagree(at path: FieldPath, _ message: String) {
    let excuse = excuses[path.named]
    add(excuse == nil ? .error : .excused, path, message, excuse)
  }

  /// Something that no note can excuse.
  mutating func fault(at path: FieldPath, _ message: String) { add(.error, path, message) }

  /// Something that is not there.
  mutating func missing(_ path: FieldPath, _ message: String) { add(.missing, path, message) }

  /// A figure that was not read in its source.
  mutating func unverified(_ path: FieldPath, _ message: String) { add(.unverified, path, message) }

  private mutating func add(
    _ severity: Finding.Severity, _ path: FieldPath, _ message: String, _ excuse: String? = nil
  ) {
    findings.append(
      Finding(
        lint: lint, severity: severity, field: path.description, name: path.named,
        message: message, excuse: excuse))
  }
}
