import Eaves

/// The options of a term, read by kind.
struct QuantityArguments {
  let term: FigureExpression.Term
  let resolver: Resolver

  /// The text of an option; nil where it is left out.
  func text(_ name: String) -> String? { term.options.first { $0.name == name }?.value }

  /// A positive number.
  func number(_ name: String) throws -> Double {
    let text = text(name) ?? ""
    guard let value = Double(text), value.isFinite, value > 0 else {
      throw wrong(name, "\(quoted(text)) is no number over 0", remedy: "write 1024, 0.5 or 1e9")
    }
    return value
  }

  /// A whole number of at least 1, `8k` and `1M` included.
  func count(_ name: String) throws -> Int {
    let text = text(name) ?? ""
    guard let value = TokenCount.parse(text) else {
      throw wrong(
        name, "\(quoted(text)) is no count", remedy: "write a whole number, such as 4096 or 8k")
    }
    return value
  }

  /// The model that `model` names.
  func model() throws -> Model { try resolver.model(text("model") ?? "") }

  /// The chip that `chip` names.
  func chip() throws -> Chip { try resolver.chip(text("chip") ?? "") }

  /// The settings of the options that configurations have, presets written out.
  func settings() throws -> Settings {
    try Settings(try resolver.expanded(term.configuration()))
  }

  /// The model with the formats and policies that the options name.
  func compiled() throws -> CompiledModel {
    let (model, settings) = (try model(), try settings())
    if let error = ModelChoices(model, settings).refusal(of: model) {
      throw wrong(error.option.rawValue, error.problem, remedy: error.remedy)
    }
    return CompiledModel(model, settings)
  }

  /// An error at an option, or at the term where it is left out.
  func wrong(_ name: String, _ problem: String, remedy: String) -> ExpressionError {
    let offset = term.options.first { $0.name == name }?.offset ?? term.offset
    return ExpressionError(at: offset, "\(name): \(problem)", remedy: remedy)
  }
}

extension FigureExpression.Term {
  /// The options as a configuration.
  /// - Throws: `ExpressionError` for an option that no configuration has.
  func configuration() throws(ExpressionError) -> [Eaves.Option: String] {
    var values: [Eaves.Option: String] = [:]
    for option in options {
      guard let known = Eaves.Option(named: option.name) else {
        throw ExpressionError(
          at: option.offset, "there is no option \(quoted(option.name))",
          remedy: Suggestion.question(
            option.name, among: Eaves.Option.allCases.map(\.rawValue))
            ?? "the options are \(Eaves.Option.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      values[known] = option.value
    }
    return values
  }
}
