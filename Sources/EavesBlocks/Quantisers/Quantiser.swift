public import Eaves

/// Rounds weights to what a number format can hold.
///
/// A matrix comes as its rows one after the other; blocks run along rows, as they are stored.
public protocol Quantiser: Sendable {
  /// The format that is rounded to.
  var format: NumberFormat { get }

  /// Elements of a row that are rounded together; rows must be a multiple of it.
  var blockElements: Int { get }

  /// What is left of the values once they are stored.
  /// - Parameter values: whole blocks, [rows × columns].
  /// - Returns: as many values.
  func rounded(_ values: [Float]) -> [Float]
}

/// The formats that weights can be rounded to here.
public enum QuantiserList {
  /// Formats that a study covers where none is named, from the most bits down.
  public static let standard = [
    "f16", "bf16", "q8_0", "f8e4m3", "q6_k", "q5_1", "q5_0", "q5_k", "q4_1", "q4_0", "q4_k",
    "iq4_nl", "nvfp4", "iq4_xs", "nf4", "mxfp4", "int4/128+f16+z4", "int4/128+f16", "q3_k",
    "int3/128+f16+z3", "q2_k",
    "int2/128+f16+z2", "tq2_0", "tq1_0", "ternary", "binary/128+f16",
  ]

  /// The quantiser of a format; `nil` where there is none here (codebooks of i-quants).
  public static func quantiser(of format: NumberFormat) -> (any Quantiser)? {
    if let block = BlockQuantiser(format) { return block }
    switch format.name {
    case "f32", "f64": return FloatQuantiser(format, exponent: 8, fraction: 23)
    case "f16": return FloatQuantiser(format, exponent: 5, fraction: 10)
    case "bf16": return FloatQuantiser(format, exponent: 8, fraction: 7)
    case "f8e4m3": return FloatQuantiser(format, exponent: 4, fraction: 3, largest: 448)
    case "f8e5m2": return FloatQuantiser(format, exponent: 5, fraction: 2)
    case "nf4": return CodebookQuantiser(format, levels: CodebookQuantiser.normalFloat)
    case "ternary", "ternary-5", "ternary-ideal": return TernaryQuantiser(format)
    default: return GroupQuantiser(format)
    }
  }
}
