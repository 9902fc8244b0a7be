/// Damages texts in the ways that hands and disks do; the same seed gives the same damage.
struct Mutator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  /// A text with one to three faults.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:  // a flipped bit
      guard let index = bytes.indices.randomElement(using: &random) else { return }
      bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1:  // a part that is gone
      bytes.removeSubrange(range(in: bytes, atMost: 40))
    case 2:  // bytes from nowhere
      let noise = (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
      bytes.insert(contentsOf: noise, at: place(in: bytes))
    case 3:  // something that means something elsewhere
      bytes.insert(contentsOf: word(), at: place(in: bytes))
    case 4:  // a line that stands twice
      duplicateLine(in: &bytes)
    case 5:  // two parts that have changed places
      swapParts(in: &bytes)
    case 6, 7:  // another number
      replaceNumber(in: &bytes)
    case 8:  // another string
      replaceString(in: &bytes)
    default:  // a file that is cut off
      bytes.removeSubrange(place(in: bytes)...)
    }
  }

  private mutating func duplicateLine(in bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let line = lines.randomElement(using: &random) else { return }
    lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
    bytes = Array(lines.joined(separator: [0x0A]))
  }

  private mutating func swapParts(in bytes: inout [UInt8]) {
    var parts = bytes.split(separator: 0x2C, omittingEmptySubsequences: false)
    guard let first = parts.indices.randomElement(using: &random),
      let second = parts.indices.randomElement(using: &random)
    else { return }
    parts.swapAt(first, second)
    bytes = Array(parts.joined(separator: [0x2C]))
  }

  private mutating func replaceNumber(in bytes: inout [UInt8]) {
    let start = place(in: bytes)
    guard let first = bytes[start...].firstIndex(where: { (0x30...0x39).contains($0) }) else {
      return
    }
    let rest = bytes[first...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
    bytes.replaceSubrange(
      first..<rest, with: Self.numbers.randomElement(using: &random)?.utf8 ?? "".utf8)
  }

  private mutating func replaceString(in bytes: inout [UInt8]) {
    let start = place(in: bytes)
    guard let first = bytes[start...].firstIndex(of: 0x22),
      let second = bytes[(first + 1)...].firstIndex(of: 0x22)
    else { return }
    bytes.replaceSubrange(first...second, with: word())
  }

  private mutating func word() -> [UInt8] {
    Array(Self.words.randomElement(using: &random)?.utf8 ?? "".utf8)
  }

  private mutating func place(in bytes: [UInt8]) -> Int {
    Int.random(in: 0...bytes.count, using: &random)
  }

  private mutating func range(in bytes: [UInt8], atMost length: Int) -> Range<Int> {
    let start = place(in: bytes)
    return start..<min(bytes.count, start + Int.random(in: 0...length, using: &random))
  }

  private static let numbers = [
    "0", "-1", "1e999", "-1e-999", "9223372036854775807", "9223372036854775808", "1000000000",
    "0e9223372036854775807", "1e-9223372036854775808", "0.1", "00", "1e", "10000000000000000000000",
    "3e300",
  ]
  private static let words = [
    "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud800", ",", ":", "null", "true", "NaN", "\"\"", "[]",
    "{}",
    "\"1e400 GB/s\"", "\"nan\"", "\"-inf W\"", "\"1 GB\"", "\"%\"", "\"e B/s\"", "\"E\"", "\"f16\"",
    "\"q4_k\"", "\"int4/0\"", "\"*\"", "\"é\u{301}\u{200D}\"", "\u{FEFF}", "/*", "//", "\r", "\0",
    String(repeating: "[", count: 100), "\"" + String(repeating: "9", count: 400) + " B\"",
  ]
}

/// A small generator whose numbers are the same everywhere (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
