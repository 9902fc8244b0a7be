/// Numbers as profiles write them: plain decimals with few digits, and a unit with its prefix.
enum Decimal {
  /// A number with a number of significant digits and no exponent; zeros at the end are dropped.
  static func text(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value > 0, value < 1e15 else { return value == 0 ? "0" : "\(value)" }
    var decimals = digits - 1
    var bound = 10.0
    while value >= bound {
      decimals -= 1
      bound *= 10
    }
    bound = 1
    while value < bound, decimals < 15 {
      decimals += 1
      bound /= 10
    }
    let scale = (0..<max(0, decimals)).reduce(1.0) { power, _ in power * 10 }
    let whole = Int64((value * scale).rounded())
    guard decimals > 0 else { return "\(whole)" }
    let tens = Int64(scale)
    var fraction = "\(whole % tens)"
    fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? "\(whole / tens)" : "\(whole / tens).\(fraction)"
  }

  /// A share in percent ("0.6 %").
  static func percent(_ share: Double) -> String { "\(text(100 * share, digits: 2)) %" }

  /// An amount a second with the prefix that leaves one to three digits ("103.7 GFLOP/s").
  static func rate(_ value: Double, _ unit: String) -> String {
    var (value, index) = (value, 0)
    let prefixes = ["", "k", "M", "G", "T", "P"]
    while value >= 1000, index < prefixes.count - 1 {
      value /= 1000
      index += 1
    }
    return "\(text(value)) \(prefixes[index])\(unit)"
  }

  /// A time ("3.7 ns").
  static func time(_ seconds: Double) -> String {
    for (unit, size) in [("s", 1.0), ("ms", 1e-3), ("us", 1e-6)] where seconds >= size {
      return "\(text(seconds / size)) \(unit)"
    }
    return "\(text(seconds / 1e-9)) ns"
  }

  /// A size in the largest binary unit that it is a whole number of ("512 KiB").
  static func bytes(_ count: Int) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where count > 0 && count % (1 << shift) == 0 {
      return "\(count >> shift) \(unit)"
    }
    return "\(count) B"
  }

  /// A size for people, in three digits ("45.2 MiB").
  static func shortBytes(_ count: Int) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where count >= 1 << shift {
      return "\(text(Double(count) / Double(1 << shift), digits: 3)) \(unit)"
    }
    return "\(count) B"
  }
}
