/// A value of an axis as users write it: a name and parts between colons, `dilated:512:gap=4`.
///
/// Parts are taken one by one by what reads them. What is left over is `unused`, and no reader that knows it
/// leaves some accepts the text.
public struct OptionText: Sendable, Hashable {
  /// What stands before the first colon.
  public let name: String
  /// Parts without a key that nothing has taken, in order.
  public private(set) var positional: [String] = []
  /// Parts `key=value` that nothing has taken.
  public private(set) var named: [String: String] = [:]

  /// Splits `name:part:key=value`; `nil` for an empty name, part, key or value, and for a key that is twice.
  public init?(parsing text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let name = parts.first, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.name = String(name)
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else {
        positional.append(String(part))
        continue
      }
      let (key, value) = (part[..<equals], part[part.index(after: equals)...])
      guard !key.isEmpty, !value.isEmpty, named[String(key)] == nil else { return nil }
      named[String(key)] = String(value)
    }
  }

  /// Whatever nothing has taken: parts as they were written, those with a key sorted behind.
  public var unused: [String] { positional + named.map { "\($0)=\($1)" }.sorted() }

  /// Takes the next part without a key; `nil` where there is none.
  public mutating func text() -> String? {
    positional.isEmpty ? nil : positional.removeFirst()
  }

  /// Takes the part of a key; `nil` where there is none.
  public mutating func text(_ key: String) -> String? { named.removeValue(forKey: key) }

  /// Takes the next part without a key as a count (`4096`, `4k`); `nil` where there is none or it is no count.
  public mutating func count() -> Int? { text().flatMap(TokenCount.parse) }

  /// Takes the part of a key as a count.
  /// - Parameters:
  ///   - key: the word before the equals sign.
  ///   - other: the count where the key is left out.
  /// - Returns: `nil` where the key is left out and there is no `other`, or its value is no count.
  public mutating func count(_ key: String, or other: Int? = nil) -> Int? {
    guard let value = text(key) else { return other }
    return TokenCount.parse(value)
  }

  /// Takes the next part without a key as two counts, `4+1020`.
  public mutating func counts(joinedBy separator: Character) -> (first: Int, second: Int)? {
    text().flatMap { Self.counts($0, joinedBy: separator) }
  }

  /// Takes the part of a key as two counts, `select=16x64`; `other` where the key is left out.
  public mutating func counts(
    _ key: String, joinedBy separator: Character, or other: (first: Int, second: Int)? = nil
  ) -> (first: Int, second: Int)? {
    guard let value = text(key) else { return other }
    return Self.counts(value, joinedBy: separator)
  }

  /// Takes the part of a key as a share above 0 and up to 1, in decimals: `density=0.25`.
  public mutating func share(_ key: String) -> Double? {
    guard let value = text(key), value.allSatisfy({ "0123456789.e-".contains($0) }),
      let number = Double(value), number > 0, number <= 1
    else { return nil }
    return number
  }

  private static func counts(
    _ text: String, joinedBy separator: Character
  ) -> (first: Int, second: Int)? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      .map { TokenCount.parse(String($0)) }
    guard parts.count == 2, let first = parts[0], let second = parts[1] else { return nil }
    return (first, second)
  }
}
