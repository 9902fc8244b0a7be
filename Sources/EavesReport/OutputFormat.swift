/// The ways in which rows are written.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// Aligned columns for people, numbers with three digits and a prefix.
  case table
  /// One header line, one row a line, bare numbers in base units (RFC 4180).
  case csv
  /// One object with `provenance` and `rows`.
  case json
  /// One object a line.
  case ndjson
  /// A table as GitHub renders it, bare numbers in base units.
  case markdown
}
