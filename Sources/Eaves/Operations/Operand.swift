public import Quantities

/// A tensor that an operation reads or writes.
///
/// Its size follows from shape and format, nowhere else.
public struct Operand: Sendable {
  /// What a tensor is to the step.
  public enum Role: UInt8, Sendable, CaseIterable {
    /// Parameters: read in every step.
    case weights
    /// Keys and values of earlier tokens: read.
    case cacheRead
    /// Keys and values of the new tokens: written.
    case cacheWrite
    /// A recurrent state: read and written in every step.
    case state
    /// An intermediate result: read.
    case activationRead
    /// An intermediate result: written.
    case activationWrite
    /// What enters the step from outside (token ids, embeddings of an image).
    case stepInput
    /// What leaves the step (logits, hidden states of an encoder).
    case stepOutput
  }

  public let role: Role
  /// How a stored element is expanded before arithmetic.
  public let expansion: NumberFormat.Expansion
  public let rows: Int
  public let columns: Int
  /// How many such matrices the operation touches; a mean where it depends on the tokens (experts).
  public let touched: Double
  /// How many such matrices are kept in memory: all experts, one table; 0 for what another operation owns.
  public let resident: Double
  /// How many of those touched are different: fewer where the same matrix is read again and again.
  public let distinct: Double
  /// Bytes an element in its format, scales included.
  public let bytesPerElement: Double

  /// A matrix of `rows` × `columns` in a format.
  /// - Parameters:
  ///   - role: what it is to the step.
  ///   - rows: its rows.
  ///   - columns: its columns; blocks of quantised formats run along them.
  ///   - format: how it is stored.
  ///   - touched: how many such matrices the operation touches.
  ///   - resident: how many are kept in memory; `touched` where not given.
  ///   - distinct: how many of those touched are different; `touched` where not given.
  public init(
    _ role: Role, rows: Int, columns: Int, format: CompactFormat, touched: Double = 1,
    resident: Double? = nil, distinct: Double? = nil
  ) {
    self.role = role
    self.expansion = format.expansion
    self.rows = rows
    self.columns = columns
    self.touched = touched
    self.resident = resident ?? distinct ?? touched
    self.distinct = distinct ?? touched
    self.bytesPerElement = format.bytesPerElement
  }

  /// Elements that the operation touches.
  public var elements: Double { touched * Double(rows) * Double(columns) }

  /// Bytes that the operation touches: its compulsory traffic for this tensor.
  public var bytes: Bytes { Bytes(elements * bytesPerElement) }

  /// Bytes of `bytes` that the same operation has read before.
  public var rereadBytes: Bytes {
    Bytes((touched - distinct) * Double(rows) * Double(columns) * bytesPerElement)
  }

  /// Elements that the operation touches, each counted once.
  public var distinctElements: Double { distinct * Double(rows) * Double(columns) }

  /// Elements kept in memory.
  public var residentElements: Double { resident * Double(rows) * Double(columns) }

  /// Bytes kept in memory.
  public var residentBytes: Bytes { Bytes(residentElements * bytesPerElement) }
}

/// What the hot path needs of a number format.
public struct CompactFormat: Sendable, Hashable {
  /// Stored bytes an element, scales included.
  public var bytesPerElement: Double
  /// How a stored element is expanded.
  public var expansion: NumberFormat.Expansion

  /// A size that no named format has, and an expansion.
  init(bytesPerElement: Double, expansion: NumberFormat.Expansion) {
    self.bytesPerElement = bytesPerElement
    self.expansion = expansion
  }

  /// The size and the expansion of a format.
  public init(_ format: NumberFormat) {
    bytesPerElement = format.bytesPerElement
    expansion = format.expansion
  }
}
