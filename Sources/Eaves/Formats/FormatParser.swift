/// Why a text names no number format.
public struct FormatError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, naming the text.
  public let problem: String
  /// What to write instead.
  public let remedy: String

  public var description: String { "\(problem); \(remedy)" }
}

extension NumberFormat {
  /// Reads a format from text.
  ///
  /// Named formats: `f16`, `bf16`, `f8e4m3`, `q4_k`, `mxfp4`, `nf4` … Group formats are written
  /// `ELEMENT/GROUP+SCALE[+zBITS]`: `int4/128+f16` (symmetric), `int4/128+f16+z4` (GPTQ and AWQ with a
  /// packed 4-bit zero point), `f8e4m3/128x128+f32` (blocks of a matrix), `binary/128+f16`.
  ///
  /// Bits an element are the element's own plus scale and zero bits over the group (docs/method.md 2).
  /// - Throws: `FormatError` where the text names none; a mixture such as `q4_k_m` is a weight scheme and
  ///   no number format.
  public init(parsing text: String) throws(FormatError) {
    let lower = text.lowercased()
    let name = ShippedFormats.synonyms[lower] ?? lower
    if let format = ShippedFormats.all.first(where: { $0.name == name }) {
      self = format
      return
    }
    if LlamaCppMixture.named(name) != nil {
      throw FormatError(
        problem: "\"\(text)\" is a mixture of formats over a file, no number format",
        remedy: "only --weights takes it; write one format, such as q8_0 or f16")
    }
    guard name.contains("/") else {
      throw FormatError(
        problem: "\"\(text)\" is no number format",
        remedy: "write a name such as f16, q8_0, mxfp4 or a group such as int4/128+f16 "
          + "(eaves formats list shows all)")
    }
    self = try Self.group(name, text)
  }

  private static func group(_ name: String, _ text: String) throws(FormatError) -> NumberFormat {
    let error = FormatError(
      problem: "\"\(text)\" is no group format",
      remedy: "write ELEMENT/GROUP+SCALE[+zBITS], such as int4/128+f16 or int4/128+f16+z4")
    let halves = name.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw error }
    let element = String(halves[0])
    guard
      let base = ShippedFormats.plain.first(where: {
        $0.name == (ShippedFormats.synonyms[element] ?? element)
      }), base.bitsPerElement <= 8
    else { throw error }

    let parts = halves[1].split(separator: "+", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let group = groupSize(parts[0]) else { throw error }
    let scaleName = String(parts[1])
    let scales = ShippedFormats.plain.first {
      $0.name == (ShippedFormats.synonyms[scaleName] ?? scaleName)
    }
    guard let scales, scales.bitsPerElement >= 8 else { throw error }
    var zeroBits = 0
    if parts.count == 3 {
      guard parts[2].first == "z", let bits = Int(parts[2].dropFirst()), (1...32).contains(bits)
      else { throw error }
      zeroBits = bits
    }
    return NumberFormat(
      name: "\(base.name)/\(parts[0])+\(scales.name)\(zeroBits > 0 ? "+z\(zeroBits)" : "")",
      blockElements: group,
      blockBits: base.blockBits * Double(group) + scales.blockBits + Double(zeroBits),
      expansion: base.expansion, multiply: base.multiply)
  }

  /// "128" or "128x128": elements that share a scale.
  private static func groupSize(_ text: Substring) -> Int? {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard (1...2).contains(sides.count) else { return nil }
    var product = 1
    for side in sides {
      guard let length = Int(side), (1...65536).contains(length) else { return nil }
      product *= length
    }
    return product
  }
}
