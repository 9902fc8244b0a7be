import Testing

@testable import Eaves

/// Formats as text.
@Suite struct FormatParserTests {
  @Test(arguments: ShippedFormats.all.map(\.name))
  func everyNamedFormatPrintsWhatItIsReadFrom(name: String) throws {
    let format = try NumberFormat(parsing: name)
    #expect(format.description == name)
    #expect(try NumberFormat(parsing: name.uppercased()) == format)
    #expect(format.bitsPerElement.isFinite && format.bitsPerElement >= 1)
  }

  @Test func namesAreDistinctAndHideNoOther() {
    let names = ShippedFormats.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: ShippedFormats.synonyms.keys))
  }

  @Test(arguments: ShippedFormats.synonyms.keys.sorted())
  func everySynonymMeansAFormat(name: String) throws {
    let format = try NumberFormat(parsing: name)
    #expect(format.name == ShippedFormats.synonyms[name])
    #expect(try NumberFormat(parsing: format.name) == format)
  }

  @Test func everyGroupFormatReadsBack() throws {
    for element in ["int2", "int3", "int4", "int8", "binary", "f4e2m1", "f6e3m2", "f8e5m2"] {
      for group in ["16", "32", "128", "4096", "128x128", "1x64"] {
        for scale in ["f16", "bf16", "f32", "f8e4m3", "int8"] {
          for zero in ["", "+z1", "+z4", "+z8", "+z32"] {
            let text = "\(element)/\(group)+\(scale)\(zero)"
            let format = try NumberFormat(parsing: text)
            #expect(format.name == text)
            #expect(try NumberFormat(parsing: format.name) == format)
          }
        }
      }
    }
  }

  /// Synonyms inside a group format are written out.
  @Test func aGroupFormatIsPrintedInOneSpelling() throws {
    #expect(try NumberFormat(parsing: "I4/128+FP16+Z4").name == "int4/128+f16+z4")
    #expect(try NumberFormat(parsing: "fp8/128x128+fp32").name == "f8e4m3/128x128+f32")
  }

  private static let names =
    "write a name such as f16, q8_0, mxfp4 or a group such as int4/128+f16 "
    + "(eaves formats list shows all)"
  private static let groups =
    "write ELEMENT/GROUP+SCALE[+zBITS], such as int4/128+f16 or int4/128+f16+z4"

  @Test(arguments: [
    ("q5", "\"q5\" is no number format; \(names)"),
    ("", "\"\" is no number format; \(names)"),
    ("f17", "\"f17\" is no number format; \(names)"),
    ("16", "\"16\" is no number format; \(names)"),
    (" f16", "\" f16\" is no number format; \(names)"),
    ("int4/128", "\"int4/128\" is no group format; \(groups)"),
    ("int4/0+f16", "\"int4/0+f16\" is no group format; \(groups)"),
    ("int4/-1+f16", "\"int4/-1+f16\" is no group format; \(groups)"),
    ("int4/99999999+f16", "\"int4/99999999+f16\" is no group format; \(groups)"),
    ("int4/2x2x2+f16", "\"int4/2x2x2+f16\" is no group format; \(groups)"),
    ("int4/128+int4", "\"int4/128+int4\" is no group format; \(groups)"),
    ("int4/128+q8_0", "\"int4/128+q8_0\" is no group format; \(groups)"),
    ("f16/128+f16", "\"f16/128+f16\" is no group format; \(groups)"),
    ("int4/128+f16+4", "\"int4/128+f16+4\" is no group format; \(groups)"),
    ("int4/128+f16+z0", "\"int4/128+f16+z0\" is no group format; \(groups)"),
    ("int4/128+f16+z4+z4", "\"int4/128+f16+z4+z4\" is no group format; \(groups)"),
    ("int4/128/128", "\"int4/128/128\" is no group format; \(groups)"),
    ("/", "\"/\" is no group format; \(groups)"),
  ])
  func whatIsNoFormatIsRefusedInFull(text: String, message: String) {
    #expect(Self.message(text) == message)
  }

  /// A mixture of a whole file is a weight scheme, not the format of a tensor.
  @Test(arguments: ["q4_k_m", "Q4_K_M", "q5_k_s", "q3_k_l", "iq3_xs", "iq2_m", "q2_k_s"])
  func aMixtureIsNoNumberFormat(text: String) {
    #expect(
      Self.message(text) == "\"\(text)\" is a mixture of formats over a file, no number format; "
        + "only --weights takes it; write one format, such as q8_0 or f16")
  }

  private static func message(_ text: String) -> String? {
    do {
      _ = try NumberFormat(parsing: text)
      return nil
    } catch {
      return error.description
    }
  }
}
