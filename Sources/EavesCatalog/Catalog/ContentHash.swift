/// Names the content of a file in a result's provenance: FNV-1a, 64 bits, as 16 hexadecimal digits.
///
/// It shows that a file has changed, not that nobody has tampered with it.
public func contentHash(_ bytes: some Sequence<UInt8>) -> String {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
