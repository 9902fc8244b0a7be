/// What is wrong with an expression, and where in it.
public struct ExpressionError: Error, Equatable, Sendable {
  /// What kind of wrong it is.
  public enum Reason: Sendable {
    /// It is not written as it should be, or a value is none that an option takes.
    case wrong
    /// It names something that does not exist.
    case notFound
    /// It is sound, but what it asks for has no value: a time of a model that does not fit.
    case noValue
  }

  public let reason: Reason
  /// The place in characters from the start of the expression.
  public let offset: Int
  /// What is wrong, naming the value.
  public let problem: String
  /// What to write instead; empty where nothing can be said.
  public let remedy: String

  /// An error from its parts.
  public init(
    _ reason: Reason = .wrong, at offset: Int, _ problem: String, remedy: String = ""
  ) {
    self.reason = reason
    self.offset = offset
    self.problem = problem
    self.remedy = remedy
  }

  /// The problem and the remedy.
  public var text: String { remedy.isEmpty ? problem : "\(problem); \(remedy)" }
}
