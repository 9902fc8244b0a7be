/// What is wrong with a file: where, which value, and what to write instead, in one line.
///
/// `FILE:LINE:COL: memory[2].bandwidth.value: "2039" has no unit; write "1 GB/s" or "1 TB/s"`
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// Which of the exit codes the error ends the command with.
  public enum Kind: Sendable {
    /// The file can be read, but what it says cannot (65).
    case badData
    /// There is no such file, or no such name in the catalog (66).
    case notFound
    /// The output cannot be written (73).
    case cannotWrite

    /// The code of `sysexits.h`.
    public var exitCode: Int32 {
      switch self {
      case .badData: 65
      case .notFound: 66
      case .cannotWrite: 73
      }
    }
  }

  /// Decides the exit code.
  public let kind: Kind
  /// The file as the user named it; empty where there is none.
  public let file: String
  /// The place in the file, where the error has one.
  public let position: TextPosition?
  /// The path of the field (`memory[2].bandwidth.value`); empty where there is none.
  public let field: String
  /// What is wrong, naming the value.
  public let problem: String
  /// What to write instead; empty where nothing can be said.
  public let remedy: String

  /// An error from its parts.
  public init(
    _ kind: Kind = .badData, file: String = "", at position: TextPosition? = nil,
    field: String = "", _ problem: String, remedy: String = ""
  ) {
    self.kind = kind
    self.file = file
    self.position = position
    self.field = field
    self.problem = problem
    self.remedy = remedy
  }

  /// The whole error in one line.
  public var description: String {
    var place = printable(file)
    if let position { place += ":\(position.line):\(position.column)" }
    let subject = [place, field].filter { !$0.isEmpty }.map { "\($0): " }.joined()
    return subject + problem + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

/// A place in a text: lines and columns count from 1, columns in characters (Unicode scalars).
public struct TextPosition: Equatable, Sendable {
  /// The line.
  public var line: Int { Int(storedLine) }
  /// The column.
  public var column: Int { Int(storedColumn) }

  private let storedLine: UInt32
  private let storedColumn: UInt32

  /// A place from its line and column.
  public init(line: Int, column: Int) {
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
  }
}
