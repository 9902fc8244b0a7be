/// What computes a published figure: quantities of configurations, numbers, the four operations and rounding.
///
/// `kv_cache_bytes{model=llama-2-7b, context=32k} / 1e6`. The grammar is in docs/validation.md.
public indirect enum FigureExpression: Sendable, Equatable {
  /// A number as it is written.
  case number(Double)
  /// A quantity of a configuration.
  case term(Term)
  case negative(FigureExpression)
  case binary(Operator, FigureExpression, FigureExpression)
  /// `round(expression, decimals)`: to the decimals in which a figure is printed, halves away from zero.
  case rounded(FigureExpression, decimals: Int)

  /// One of the four operations.
  public enum Operator: Character, Sendable, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"

    func callAsFunction(_ left: Double, _ right: Double) -> Double {
      switch self {
      case .plus: left + right
      case .minus: left - right
      case .times: left * right
      case .over: left / right
      }
    }
  }

  /// `name{option=value, option=value}`: a column of a result row, or a quantity of the catalogue.
  public struct Term: Sendable, Equatable {
    /// The column or quantity.
    public let name: String
    /// What is in braces, in order.
    public let options: [Option]
    /// Where the name begins, in characters from the start of the expression.
    public let offset: Int

    /// One `name=value` in the braces of a term.
    public struct Option: Sendable, Equatable {
      public let name: String
      public let value: String
      /// Where the name begins, in characters from the start of the expression.
      public let offset: Int
    }
  }

  /// The quantities that it asks for, from left to right.
  public var terms: [Term] {
    switch self {
    case .number: []
    case .term(let term): [term]
    case .negative(let inner), .rounded(let inner, _): inner.terms
    case .binary(_, let left, let right): left.terms + right.terms
    }
  }

  /// Every number that is written in it, those in the braces of terms included.
  public var numbers: [Double] {
    switch self {
    case .number(let value): [value]
    case .term(let term): term.options.compactMap { Double($0.value) }
    case .negative(let inner), .rounded(let inner, _): inner.numbers
    case .binary(_, let left, let right): left.numbers + right.numbers
    }
  }

  /// The value, with each term read by a function.
  /// - Parameter value: Reads a term.
  /// - Returns: The value; not finite where something was divided by zero.
  /// - Throws: What the function throws.
  public func evaluated<Failure: Error>(
    _ value: (Term) throws(Failure) -> Double
  ) throws(Failure) -> Double {
    switch self {
    case .number(let number): return number
    case .term(let term): return try value(term)
    case .negative(let inner): return -(try inner.evaluated(value))
    case .binary(let operation, let left, let right):
      return operation(try left.evaluated(value), try right.evaluated(value))
    case .rounded(let inner, let decimals):
      var scale = 1.0
      for _ in 0..<decimals { scale *= 10 }
      return (try inner.evaluated(value) * scale).rounded() / scale
    }
  }
}
