/// How amounts of one kind are written: base unit, accepted spellings, prefixes, plausible range.
public struct Notation: Sendable {
  /// What the kind is called in messages ("bandwidth").
  public let kind: String
  /// The base unit ("B/s").
  public let unit: String
  /// Other spellings of the base unit that parse.
  public let alsoWritten: [String]
  /// Whether the binary prefixes Ki, Mi, Gi … are accepted.
  public let binary: Bool
  /// The decimal prefixes that are accepted.
  public let prefixes: [Prefix]
  /// The largest amount that any machine or model could have; beyond it a figure is a slip.
  public let largest: Double

  init(
    _ kind: String, _ unit: String, alsoWritten: [String] = [], binary: Bool = false,
    prefixes: [Prefix] = Prefix.decimal, largest: Double
  ) {
    self.kind = kind
    self.unit = unit
    self.alsoWritten = alsoWritten
    self.binary = binary
    self.prefixes = unit.isEmpty ? [] : prefixes
    self.largest = largest
  }

  /// A metric prefix and its power of ten.
  public struct Prefix: Sendable {
    let symbol: String
    let exponent: Int

    /// For kinds that come in wholes: "mB" is a slip of the hand for "MB", never a thousandth of a byte.
    static let whole: [Prefix] = [
      Prefix(symbol: "", exponent: 0), Prefix(symbol: "k", exponent: 3),
      Prefix(symbol: "M", exponent: 6), Prefix(symbol: "G", exponent: 9),
      Prefix(symbol: "T", exponent: 12), Prefix(symbol: "P", exponent: 15),
      Prefix(symbol: "E", exponent: 18),
    ]

    /// The micro sign (U+00B5) and the Greek letter (U+03BC) look alike: both parse.
    static let decimal: [Prefix] =
      whole + [
        Prefix(symbol: "m", exponent: -3), Prefix(symbol: "u", exponent: -6),
        Prefix(symbol: "\u{b5}", exponent: -6), Prefix(symbol: "\u{3bc}", exponent: -6),
        Prefix(symbol: "n", exponent: -9), Prefix(symbol: "p", exponent: -12),
        Prefix(symbol: "f", exponent: -15),
      ]
  }

  static let binaryPrefixes: [(symbol: String, factor: Double)] = [
    ("Ki", 0x1p10), ("Mi", 0x1p20), ("Gi", 0x1p30), ("Ti", 0x1p40), ("Pi", 0x1p50),
  ]

  /// A few units of this kind, for an error's remedy.
  public var examples: String {
    guard !unit.isEmpty else { return "\"0.75\" or \"75 %\"" }
    let symbols = prefixes.isEmpty ? [""] : likelyPrefixes
    return symbols.map { "\"1 \($0)\(unit)\"" }.joined(separator: " or ")
  }

  private var likelyPrefixes: [String] {
    switch unit {
    case "B": ["M", "Mi", "G", "Gi"]
    case "s": ["m", "u"]
    case "W", "J": ["", "m"]
    case let unit where unit.hasPrefix("J/"): ["p", "n"]
    case let unit where unit.hasPrefix("s/"): ["n", "p"]
    default: ["G", "T"]
    }
  }
}

/// Why a text is no amount of the wanted kind.
public struct NotationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, naming the value.
  public let problem: String
  /// What to write instead.
  public let remedy: String

  /// The problem and the remedy in one line.
  public var description: String { "\(problem); \(remedy)" }
}

extension Quantity {
  /// Reads an amount such as "2039 GB/s"; a number without a unit is an error.
  ///
  /// Decimal prefixes are applied to the decimal text, so that "2.039 TB/s" and "2039 GB/s" are the
  /// same `Double`.
  /// - Throws: `NotationError` naming the text, what is wrong with it and what to write instead.
  public init(parsing text: String) throws(NotationError) {
    let notation = Self.notation
    let number = text.prefix { Self.numberCharacters.contains($0) }
    var digits = String(number)
    var unit = text.dropFirst(number.count).drop { $0 == " " }
    // The "E" of "1E B" is no exponent but the prefix exa.
    if let last = digits.last, last == "E" || last == "e" {
      digits.removeLast()
      unit = text.dropFirst(digits.count).drop { $0 == " " }
    }
    guard let plain = Double(digits), plain.isFinite else {
      throw NotationError(
        problem: "\"\(text)\" is no \(notation.kind)", remedy: "write \(notation.examples)")
    }
    if notation.unit.isEmpty {
      guard unit.isEmpty || unit == "%" else {
        throw NotationError(
          problem: "\"\(text)\" is no \(notation.kind)", remedy: "write \(notation.examples)")
      }
      self.init(unit.isEmpty ? plain : Self.scaled(digits, by: -2))
      return
    }
    guard !unit.isEmpty else {
      throw NotationError(
        problem: "\"\(text)\" has no unit", remedy: "write \(notation.examples)")
    }
    guard let value = Self.read(digits, plain, in: String(unit), notation) else {
      throw NotationError(
        problem: "\"\(unit)\" is no unit of \(notation.kind)", remedy: "write \(notation.examples)")
    }
    guard value.isFinite else {
      throw NotationError(
        problem: "\"\(text)\" is no \(notation.kind)", remedy: "write \(notation.examples)")
    }
    self.init(value)
  }

  private static var numberCharacters: String { "0123456789+-.eE" }

  private static func read(
    _ digits: String, _ plain: Double, in unit: String, _ notation: Notation
  ) -> Double? {
    for base in [notation.unit] + notation.alsoWritten where unit.hasSuffix(base) {
      let symbol = unit.dropLast(base.count)
      if symbol.isEmpty { return plain }
      if let prefix = notation.prefixes.first(where: { $0.symbol == symbol }) {
        return scaled(digits, by: prefix.exponent)
      }
      if notation.binary, let prefix = Notation.binaryPrefixes.first(where: { $0.symbol == symbol })
      {
        return plain * prefix.factor
      }
    }
    return nil
  }

  /// `digits` × 10^`exponent`, rounded once: the decimal text is shifted, not the binary number.
  private static func scaled(_ digits: String, by exponent: Int) -> Double {
    let parts = digits.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard parts.count == 2 else { return Double("\(digits)e\(exponent)") ?? .nan }
    // A `Double` ends at 10³⁰⁸: beyond a few thousand the exponent only says "zero" or "too large".
    let own = Int(parts[1]) ?? (parts[1].hasPrefix("-") ? -9999 : 9999)
    return Double("\(parts[0])e\(max(-9999, min(9999, own)) + exponent)") ?? .nan
  }

  /// The amount in the base unit with every digit: parses back to the same value.
  public var description: String {
    Self.notation.unit.isEmpty ? "\(value)" : "\(value) \(Self.notation.unit)"
  }
}
