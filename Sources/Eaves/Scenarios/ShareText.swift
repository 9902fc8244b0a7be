/// A share as people write it: `5%` or `0.05`.
public enum ShareText {
  /// Reads a share.
  /// - Parameter text: a number, with a per cent sign behind it or not.
  /// - Returns: the share; `nil` for anything but a finite number that is not below 0.
  public static func parse(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    var number = isPercent ? text.dropLast() : text[...]
    while isPercent, number.last == " " { number.removeLast() }
    guard let value = Double(number), value >= 0, value.isFinite else { return nil }
    return isPercent ? value / 100 : value
  }

  /// What can be written, for messages.
  public static let examples = "5% or 0.05"
}
