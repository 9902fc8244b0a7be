/// 10^k for every k that a `Double` needs, each to 128 bits rounded up.
///
/// The table is made at the first use, in about the time of writing a few hundred rows, so that no
/// thousand constants stand in the source.
struct PowersOfTen: Sendable {
  static let shared = PowersOfTen()

  /// The highest 128 bits of a power; the highest bit is set.
  struct Power: Equatable {
    let high: UInt64
    let low: UInt64
  }

  private static let smallest = -292
  private static let largest = 324
  private let powers: [Power]

  subscript(exponent: Int) -> Power { powers[exponent - Self.smallest] }

  private init() {
    var positive: [Power] = []
    var number = WideNumber(powerOfTwo: 0)
    for _ in 0...Self.largest {
      positive.append(number.leadingBits)
      number.multiplyByTen()
    }
    // 2^1216 ÷ 10 ÷ 10 …: rounding down each time is rounding down once.
    var negative: [Power] = []
    number = WideNumber(powerOfTwo: 1216)
    for _ in Self.smallest..<0 {
      number.divideByTen()
      negative.append(number.leadingBits)
    }
    powers = negative.reversed() + positive
  }
}

/// A whole number of any size, least significant word first.
private struct WideNumber {
  private var words: [UInt64]
  /// Whether something was cut off below the last bit.
  private var isCut = false

  init(powerOfTwo exponent: Int) {
    words = Array(repeating: 0, count: exponent / 64) + [1 << UInt64(exponent % 64)]
  }

  mutating func multiplyByTen() {
    var carry: UInt64 = 0
    for index in words.indices {
      let (high, low) = words[index].multipliedFullWidth(by: 10)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      words[index] = sum
      carry = high + (overflow ? 1 : 0)
    }
    if carry > 0 { words.append(carry) }
  }

  mutating func divideByTen() {
    var remainder: UInt64 = 0
    for index in words.indices.reversed() {
      (words[index], remainder) = UInt64(10).dividingFullWidth((remainder, words[index]))
    }
    if words.last == 0 { words.removeLast() }
    if remainder > 0 { isCut = true }
  }

  /// The highest 128 bits, rounded up.
  var leadingBits: PowersOfTen.Power {
    let padded = [0, 0] + words
    let (top, next, third) = (
      padded[padded.count - 1], padded[padded.count - 2], padded[padded.count - 3]
    )
    let shift = UInt64(top.leadingZeroBitCount)
    let high = top << shift | (shift == 0 ? 0 : next >> (64 - shift))
    let low = next << shift | (shift == 0 ? 0 : third >> (64 - shift))
    let isExact =
      !isCut && third << shift == 0 && padded.dropLast(3).allSatisfy { $0 == 0 }
    return PowersOfTen.Power(high: high, low: isExact ? low : low + 1)
  }
}
