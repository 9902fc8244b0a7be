/// Reads expressions: products before sums, equals from left to right, parentheses first.
///
///     sum     = product { ("+" | "-") product }
///     product = factor { ("*" | "/") factor }
///     factor  = number | "-" factor | "(" sum ")" | "round(" sum "," digits ")" | term
///     term    = name "{" [ option "=" value { "," option "=" value } ] "}"
///
/// A value runs to the comma or the brace; lists are not taken, parameters inside a value are joined by
/// colons. Length and depth are limited, so that no input exhausts the stack.
public struct ExpressionParser {
  /// The most characters of an expression.
  public static let longest = 1000
  /// How deep parentheses and signs may stand in each other.
  public static let deepest = 32
  /// The most decimals that `round` keeps.
  public static let mostDecimals = 12

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Reads an expression.
  /// - Parameter text: The expression.
  /// - Returns: What it says.
  /// - Throws: `ExpressionError` at the first character that does not belong.
  public static func parse(_ text: String) throws(ExpressionError) -> FigureExpression {
    var parser = ExpressionParser(text)
    guard parser.scalars.count <= longest else {
      throw ExpressionError(
        at: 0, "the expression has \(parser.scalars.count) characters",
        remedy: "at most \(longest) are read")
    }
    let expression = try parser.sum()
    guard parser.index == parser.scalars.count else {
      throw parser.error("\(parser.here) does not belong here", remedy: "write +, -, * or /")
    }
    return expression
  }

  private mutating func sum() throws(ExpressionError) -> FigureExpression {
    var left = try product()
    while let operation = takeOperator([.plus, .minus]) {
      left = .binary(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(ExpressionError) -> FigureExpression {
    var left = try factor()
    while let operation = takeOperator([.times, .over]) {
      left = .binary(operation, left, try factor())
    }
    return left
  }

  private mutating func factor() throws(ExpressionError) -> FigureExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw error("more than \(Self.deepest) levels", remedy: "use fewer parentheses")
    }
    skipSpace()
    if take("-") { return .negative(try factor()) }
    if take("(") {
      let inner = try sum()
      try require(")")
      return inner
    }
    guard let scalar = current else {
      throw error("the expression ends", remedy: "write a number or name{option=value}")
    }
    if isDigit(scalar) { return .number(try number()) }
    if isNameStart(scalar) { return try named() }
    throw error("\(here) begins nothing", remedy: "write a number or name{option=value}")
  }

  /// A term, or `round(…)`.
  private mutating func named() throws(ExpressionError) -> FigureExpression {
    let offset = index
    let name = self.name()
    skipSpace()
    if current == "(" {
      guard name == "round" else {
        throw ExpressionError(
          at: offset, "there is no function \(quoted(name))",
          remedy: "the only one is round(expression, decimals)")
      }
      return try rounded()
    }
    guard take("{") else {
      throw ExpressionError(
        at: offset, "\(quoted(name)) has no options", remedy: "write \(name){option=value}")
    }
    var options: [FigureExpression.Term.Option] = []
    skipSpace()
    while !take("}") {
      if !options.isEmpty { try require(",") }
      let option = try option()
      guard !options.contains(where: { $0.name == option.name }) else {
        throw ExpressionError(
          at: option.offset, "\(quoted(option.name)) is given twice", remedy: "remove one")
      }
      options.append(option)
      skipSpace()
    }
    return .term(FigureExpression.Term(name: name, options: options, offset: offset))
  }

  private mutating func rounded() throws(ExpressionError) -> FigureExpression {
    try require("(")
    let inner = try sum()
    try require(",")
    skipSpace()
    let start = index
    while let scalar = current, isDigit(scalar) { index += 1 }
    guard let decimals = Int(text(from: start)), decimals <= Self.mostDecimals else {
      throw ExpressionError(
        at: start, "\(quoted(text(from: start))) is no number of decimals",
        remedy: "write 0 to \(Self.mostDecimals)")
    }
    try require(")")
    return .rounded(inner, decimals: decimals)
  }

  private mutating func option() throws(ExpressionError) -> FigureExpression.Term.Option {
    skipSpace()
    let offset = index
    guard let scalar = current, isNameStart(scalar) else {
      throw error("\(here) is no option", remedy: "write option=value")
    }
    let name = self.name()
    try require("=")
    skipSpace()
    let start = index
    while let scalar = current, scalar != ",", scalar != "}", scalar != "{" { index += 1 }
    let value = trimmed(text(from: start))
    guard !value.isEmpty else {
      throw ExpressionError(
        at: start, "\(quoted(name)) has no value", remedy: "write \(name)=value")
    }
    return FigureExpression.Term.Option(name: name, value: value, offset: offset)
  }

  private mutating func number() throws(ExpressionError) -> Double {
    let start = index
    while let scalar = current, isDigit(scalar) || scalar == "." { index += 1 }
    if current == "e" || current == "E" {
      index += 1
      if current == "-" || current == "+" { index += 1 }
      while let scalar = current, isDigit(scalar) { index += 1 }
    }
    guard let value = Double(text(from: start)), value.isFinite else {
      throw ExpressionError(
        at: start, "\(quoted(text(from: start))) is no number", remedy: "write 1024, 0.5 or 1e9")
    }
    return value
  }

  private mutating func name() -> String {
    let start = index
    while let scalar = current, isNameStart(scalar) || isDigit(scalar) || scalar == "-" {
      index += 1
    }
    return text(from: start)
  }
}

/// Moving through the characters, and saying what stands there.
extension ExpressionParser {
  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private var here: String { current.map { quoted(String($0)) } ?? "the end" }

  private func text(from start: Int) -> String {
    String(String.UnicodeScalarView(scalars[start..<index]))
  }

  private func trimmed(_ text: String) -> String {
    let kept = text.unicodeScalars.drop { $0 == " " }.reversed().drop { $0 == " " }
    return String(String.UnicodeScalarView(kept.reversed()))
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private mutating func skipSpace() { while current == " " { index += 1 } }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == scalar else { return false }
    index += 1
    return true
  }

  private mutating func takeOperator(
    _ operators: [FigureExpression.Operator]
  ) -> FigureExpression.Operator? {
    skipSpace()
    let found = operators.first { $0.rawValue.unicodeScalars.first == current }
    if found != nil { index += 1 }
    return found
  }

  private mutating func require(_ scalar: Unicode.Scalar) throws(ExpressionError) {
    guard take(scalar) else {
      throw error("\(here) where \(quoted(String(scalar))) is wanted", remedy: "write it there")
    }
  }

  private func error(_ problem: String, remedy: String) -> ExpressionError {
    ExpressionError(at: index, problem, remedy: remedy)
  }
}
