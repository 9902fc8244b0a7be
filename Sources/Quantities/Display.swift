/// The printer for people: three or four digits and a prefix. Files use `description` instead.
extension Quantity {
  /// The amount as people read it: "2.04 TB/s", "88.5 ms".
  public var display: String {
    let notation = Self.notation
    guard !notation.unit.isEmpty else { return significant(value) }
    guard value.isFinite, value != 0, !notation.prefixes.isEmpty else {
      return "\(significant(value)) \(notation.unit)"
    }
    let scale = DisplayScale.of(abs(value), fractions: notation.hasFractions)
    return "\(significant(value / scale.factor)) \(scale.symbol)\(notation.unit)"
  }
}

extension Bytes {
  /// The amount with binary prefixes: "1.00 GiB".
  public var displayBinary: String {
    let prefix = Notation.binaryPrefixes.last { abs(value) >= $0.factor }
    guard let prefix else { return "\(significant(value)) B" }
    return "\(significant(value / prefix.factor)) \(prefix.symbol)B"
  }
}

extension Notation {
  /// Whether amounts below one base unit exist: there is no milli-byte.
  fileprivate var hasFractions: Bool { prefixes.contains { $0.exponent < 0 } }
}

private struct DisplayScale {
  let symbol: String
  let factor: Double

  static func of(_ magnitude: Double, fractions: Bool) -> DisplayScale {
    // 999.5 and more would round to 1000: the next prefix shows it as 1.00.
    for (symbol, factor) in [
      ("E", 1e18), ("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3),
    ]
    where magnitude >= 0.9995 * factor {
      return DisplayScale(symbol: symbol, factor: factor)
    }
    guard fractions, magnitude < 0.9995 else { return DisplayScale(symbol: "", factor: 1) }
    for (symbol, factor) in [("m", 1e-3), ("µ", 1e-6), ("n", 1e-9), ("p", 1e-12)]
    where magnitude >= 0.9995 * factor {
      return DisplayScale(symbol: symbol, factor: factor)
    }
    return DisplayScale(symbol: "p", factor: 1e-12)
  }
}

/// A number with three significant digits and no exponent between 0.001 and 10⁶.
public func significant(_ value: Double, digits: Int = 3) -> String {
  guard value.isFinite else { return "\(value)" }
  guard value != 0 else { return "0" }
  let magnitude = abs(value)
  guard magnitude >= 1e-3, magnitude < 1e6 else { return scientific(value, digits: digits) }
  var whole = 1  // digits before the point
  var bound = 10.0
  while magnitude >= bound {
    whole += 1
    bound *= 10
  }
  var leading = 0  // zeros after the point
  bound = 0.1
  while magnitude < bound {
    leading += 1
    bound /= 10
  }
  var decimals = magnitude >= 1 ? max(0, digits - whole) : digits + leading
  // 9.996 rounds to 10.00: one decimal fewer keeps three digits.
  if decimals > 0, (magnitude * power(decimals)).rounded() >= power(digits) { decimals -= 1 }
  return fixed(value, decimals: decimals)
}

/// A number with a fixed number of decimals.
public func fixed(_ value: Double, decimals: Int) -> String {
  let factor = power(decimals)
  let scaled = (abs(value) * factor).rounded()
  guard scaled < 0x1p62 else { return "\(value)" }
  let whole = Int(scaled)
  let sign = value < 0 && whole != 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(whole)" }
  let unit = Int(factor)
  let fraction = String(whole % unit)
  let padding = String(repeating: "0", count: decimals - fraction.count)
  return "\(sign)\(whole / unit).\(padding)\(fraction)"
}

/// 10 to a small whole power, exactly.
private func power(_ exponent: Int) -> Double {
  var factor = 1.0
  for _ in 0..<exponent { factor *= 10 }
  return factor
}

/// A number as `1.23e-9`.
private func scientific(_ value: Double, digits: Int) -> String {
  var mantissa = abs(value)
  var exponent = 0
  while mantissa >= 10 {
    mantissa /= 10
    exponent += 1
  }
  while mantissa < 1 {
    mantissa *= 10
    exponent -= 1
  }
  var text = fixed(mantissa, decimals: digits - 1)
  if text.hasPrefix("10") {  // 9.996 rounds to 10.00
    text = fixed(1, decimals: digits - 1)
    exponent += 1
  }
  return "\(value < 0 ? "-" : "")\(text)e\(exponent)"
}

/// A whole number with thousands separated: "1,073,741,824".
public func grouped(_ value: Int) -> String {
  let digits = String(value.magnitude)
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
    result.append(digit)
  }
  return value < 0 ? "-\(result)" : result
}
