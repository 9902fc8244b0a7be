/// An option and the values it takes in a study or comparison.
public struct Axis: Sendable, Hashable {
  public var option: Option
  /// Each as text that the option reads.
  public var values: [String]

  /// An axis.
  public init(_ option: Option, values: [String]) {
    self.option = option
    self.values = values
  }

  /// Reads `v`, `v,v` or, for counts, a doubling range `1k..1M`.
  /// - Throws: `OptionError` for an empty list, or a range that is none.
  public init(_ option: Option, parsing text: String) throws(OptionError) {
    var values: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      values += try Self.expand(part, option)
    }
    self.init(option, values: values)
  }

  private static func expand(_ text: String, _ option: Option) throws(OptionError) -> [String] {
    guard !text.isEmpty else {
      throw OptionError(option, problem: "an empty value", remedy: "write value,value without gaps")
    }
    guard option.isCount, let dots = text.firstRange(of: "..") else {
      return option == .phase && text == "both" ? Phase.allCases.map(\.rawValue) : [text]
    }
    let (first, last) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    guard let low = TokenCount.parse(first), let high = TokenCount.parse(last), low <= high else {
      throw OptionError(
        option, problem: "\"\(text)\" is no range", remedy: "write 1k..128k, smaller first")
    }
    var values: [String] = []
    var value = low
    while value <= high {
      values.append(String(value))
      value *= 2
    }
    return values
  }
}

extension Option {
  /// Whether values are counts, which ranges can double through.
  public var isCount: Bool {
    switch self {
    case .batch, .context, .prompt, .generate: true
    default: false
    }
  }

  /// The option of a name as users type it, with underscores or dashes.
  public init?(named name: String) {
    self.init(rawValue: name.split(separator: "_").joined(separator: "-"))
  }
}
