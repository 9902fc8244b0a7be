extension ByteBuffer {
  /// Appends a whole number in decimal digits.
  mutating func append(_ value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(digits: UInt64(value.magnitude))
  }

  /// Appends a finite number: the fewest digits that read back to the same bits.
  ///
  /// Whole numbers below 10²¹ are written as integers with every digit; a fraction looks as in
  /// `Double.description`.
  mutating func append(_ value: Double) {
    precondition(value.isFinite)
    let magnitude = value.magnitude
    if magnitude < 0x1p63 {
      let whole = UInt64(magnitude)
      if Double(whole) == magnitude {
        if value.sign == .minus { append(UInt8(ascii: "-")) }
        return append(digits: whole)
      }
    } else if magnitude < 1e21 {
      if value < 0 { append(UInt8(ascii: "-")) }
      let (high, low) = UInt128(magnitude).quotientAndRemainder(dividingBy: 1_000_000_000)
      append(digits: UInt64(high))
      return append(digits: UInt64(low), count: 9)
    }
    if value < 0 { append(UInt8(ascii: "-")) }
    append(ShortestDecimal(magnitude))
  }

  /// Appends a decimal as `0.00012` or `1234.5`, and where it is very small or large as `1.2e-05`.
  private mutating func append(_ decimal: ShortestDecimal) {
    let count = decimalDigits(of: decimal.digits)
    let point = count + decimal.exponent  // digits before the point
    if point <= -4 || point > 21 { return appendScientific(decimal, count) }
    extend(atMost: 32) { start in
      guard point > 0 else {
        // 0.000ddd
        for index in 0..<(2 - point) { start[index] = UInt8(ascii: "0") }
        start[1] = UInt8(ascii: ".")
        return 2 - point + write(decimal.digits, digits: count, at: start + 2 - point)
      }
      // dd.ddd: the digits are written one place to the right, and those before the point moved back.
      _ = write(decimal.digits, digits: count, at: start + 1)
      for index in 0..<point { start[index] = start[index + 1] }
      start[point] = UInt8(ascii: ".")
      return count + 1
    }
  }

  private mutating func appendScientific(_ decimal: ShortestDecimal, _ count: Int) {
    extend(atMost: 32) { start in
      var length = write(decimal.digits, digits: count, at: start + 1)
      start[0] = start[1]
      start[1] = UInt8(ascii: ".")
      length = count == 1 ? 1 : count + 1
      let exponent = count + decimal.exponent - 1
      start[length] = UInt8(ascii: "e")
      start[length + 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
      let magnitude = UInt64(exponent.magnitude)
      return length + 2
        + write(magnitude, digits: max(2, decimalDigits(of: magnitude)), at: start + length + 2)
    }
  }

  private mutating func append(digits value: UInt64) {
    append(digits: value, count: decimalDigits(of: value))
  }

  private mutating func append(digits value: UInt64, count: Int) {
    extend(atMost: 20) { write(value, digits: count, at: $0) }
  }
}

/// How many decimal digits a number has; 1 for 0.
func decimalDigits(of value: UInt64) -> Int {
  // 1233 / 4096 is log₁₀ 2; the estimate is the number of digits or one less.
  let estimate = ((64 - (value | 1).leadingZeroBitCount) * 1233) >> 12
  return value >= powersOfTen[estimate] ? estimate + 1 : max(estimate, 1)
}

/// Writes `value` with exactly `count` digits, leading zeros included; returns `count`.
///
/// Two digits at a time, and eight at a time from the long number, as short divisions are quicker.
func write(_ value: UInt64, digits count: Int, at start: UnsafeMutablePointer<UInt8>) -> Int {
  var rest = value
  var end = count
  while end > 8 {
    let (quotient, eight) = rest.quotientAndRemainder(dividingBy: 100_000_000)
    end -= 8
    writeShort(UInt32(truncatingIfNeeded: eight), digits: 8, at: start + end)
    rest = quotient
  }
  writeShort(UInt32(truncatingIfNeeded: rest), digits: end, at: start)
  return count
}

@inline(__always)
private func writeShort(_ value: UInt32, digits: Int, at start: UnsafeMutablePointer<UInt8>) {
  let table = digitPairs.utf8Start
  var rest = value
  var end = digits
  while end >= 2 {
    let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
    end -= 2
    start[end] = table[2 * Int(pair)]
    start[end + 1] = table[2 * Int(pair) + 1]
    rest = quotient
  }
  if end == 1 { start[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
}

private let digitPairs: StaticString = """
  0001020304050607080910111213141516171819\
  2021222324252627282930313233343536373839\
  4041424344454647484950515253545556575859\
  6061626364656667686970717273747576777879\
  8081828384858687888990919293949596979899
  """

private let powersOfTen: [UInt64] = [
  1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
  1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]
