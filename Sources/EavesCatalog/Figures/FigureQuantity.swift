/// A quantity that expressions may name besides the columns of results: it needs no chip and a model, or a
/// chip and no model, or neither.
public struct FigureQuantity: Sendable {
  /// The name in expressions.
  public let name: String
  /// What it is, with its unit.
  public let summary: String
  /// Options that must be given.
  public let required: [String]
  /// Options that may be given.
  public let optional: [String]
  let value: @Sendable (QuantityArguments) throws -> Double

  init(
    _ name: String, _ summary: String, required: [String], optional: [String] = [],
    value: @escaping @Sendable (QuantityArguments) throws -> Double
  ) {
    self.name = name
    self.summary = summary
    self.required = required
    self.optional = optional
    self.value = value
  }

  /// Every quantity: of models, of formats and chips, and closed forms of published formulas.
  public static let all: [FigureQuantity] = models + chips + operations + formulas

  /// The value for the options of a term.
  /// - Throws: `ExpressionError` for an option that is missing, not known or has no such value.
  func evaluated(_ arguments: QuantityArguments) throws -> Double {
    for option in arguments.term.options {
      guard required.contains(option.name) || optional.contains(option.name) else {
        throw ExpressionError(
          at: option.offset, "\(name) has no option \(quoted(option.name))",
          remedy: Suggestion.question(option.name, among: required + optional)
            ?? "its options are \((required + optional).joined(separator: ", "))")
      }
    }
    for option in required where arguments.text(option) == nil {
      throw ExpressionError(
        at: arguments.term.offset, "\(name) has no option \(quoted(option))",
        remedy: "write \(option)=value in the braces")
    }
    return try value(arguments)
  }
}
