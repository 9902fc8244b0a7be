/// Token counts as users write them: "8k" and "8K" are 8·1024, "1M" is 1024².
public enum TokenCount {
  /// Reads a positive count; `nil` where the text is none.
  public static func parse(_ text: String) -> Int? {
    var digits = Substring(text)
    var factor = 1
    switch digits.last {
    case "k", "K": factor = 1024
    case "M", "m": factor = 1024 * 1024
    default: break
    }
    if factor > 1 { digits = digits.dropLast() }
    guard !digits.isEmpty, digits.allSatisfy(\.isNumber), let number = Int(digits) else {
      return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow, (1...largest).contains(product) else { return nil }
    return product
  }

  /// The largest count that is accepted: beyond any context in sight, small enough that products fit.
  public static let largest = 1 << 30

  /// The count as people write it: "8k" where it is a whole multiple, else the digits.
  public static func display(_ count: Int) -> String {
    if count >= 1 << 20, count.isMultiple(of: 1 << 20) { return "\(count >> 20)M" }
    if count >= 1024, count.isMultiple(of: 1024) { return "\(count >> 10)k" }
    return "\(count)"
  }
}
