/// Where the figures of a result come from: enough to make them again, and to know which to doubt.
public struct Provenance: Sendable, Hashable {
  /// The version of the tool.
  public var version: String
  /// The command line.
  public var command: String
  /// The profiles, models and runtimes that were read.
  public var inputs: [Input]

  /// Describes the origin of a result.
  /// - Parameters:
  ///   - version: The version of the tool.
  ///   - command: The command line.
  ///   - inputs: The profiles, models and runtimes that were read.
  public init(version: String, command: String, inputs: [Input]) {
    self.version = version
    self.command = command
    self.inputs = inputs
  }

  /// One file or shipped entry that the result depends on.
  public struct Input: Sendable, Hashable {
    /// What it is ("chip", "runtime", "model", "study").
    public var kind: String
    /// Its name, or the path that was given.
    public var id: String
    /// The hash of its content.
    public var hash: String
    /// Its figures that nobody has verified, by field path.
    public var unverified: [String]

    /// Describes an input.
    /// - Parameters:
    ///   - kind: What it is ("chip", "runtime", "model", "study").
    ///   - id: Its name, or the path that was given.
    ///   - hash: The hash of its content.
    ///   - unverified: Its figures that nobody has verified, by field path.
    public init(kind: String, id: String, hash: String, unverified: [String] = []) {
      self.kind = kind
      self.id = id
      self.hash = hash
      self.unverified = unverified
    }
  }

  /// The document that lies beside a CSV or NDJSON file as `FILE.provenance.json`.
  public var document: ByteBuffer {
    var buffer = ByteBuffer(capacity: 1024)
    buffer.append(self)
    buffer.append("\n")
    return buffer
  }
}

extension ByteBuffer {
  /// Appends the provenance as a JSON object, one input a line.
  mutating func append(_ provenance: Provenance) {
    append("{\n  \"version\": ")
    appendJSON(provenance.version)
    append(",\n  \"command\": ")
    appendJSON(provenance.command)
    append(",\n  \"inputs\": [")
    for (index, input) in provenance.inputs.enumerated() {
      append(index == 0 ? "\n    " : ",\n    ")
      append(input)
    }
    append(provenance.inputs.isEmpty ? "]\n}" : "\n  ]\n}")
  }

  private mutating func append(_ input: Provenance.Input) {
    append("{\"kind\": ")
    appendJSON(input.kind)
    append(", \"id\": ")
    appendJSON(input.id)
    append(", \"hash\": ")
    appendJSON(input.hash)
    append(", \"unverified\": [")
    for (index, figure) in input.unverified.enumerated() {
      if index > 0 { append(", ") }
      appendJSON(figure)
    }
    append("]}")
  }
}
