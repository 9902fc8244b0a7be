/// How numbers are stored: bits an element, scales included.
///
/// A value parsed from text (`q4_k`, `int4/128+f16`, `mxfp4`, `f8e4m3`), never an enum of names. Storage
/// says nothing of arithmetic: `multiply` is the precision in which products are formed natively, and
/// only where engine and runtime offer it.
public struct NumberFormat: Sendable, Hashable, CustomStringConvertible {
  /// Canonical text; parses back to the same format.
  public let name: String
  /// Stored elements in one block along a row; 1 for plain formats.
  public let blockElements: Int
  /// Stored bits of one block: elements, scales, zero points, codebook indices.
  public let blockBits: Double
  /// How a stored element is expanded before arithmetic.
  public let expansion: Expansion
  /// The precision whose products need no expansion of this format, where there is one.
  public let multiply: MultiplyPrecision

  /// How stored elements become factors; the key of a runtime's dequantisation costs.
  public enum Expansion: UInt8, Sendable, Hashable, CaseIterable {
    /// Nothing to do: the format is itself an arithmetic format.
    case none
    /// Eight-bit integers with a scale.
    case q8
    /// Four- to six-bit integers with one scale (and zero) a group.
    case int4
    /// Super-blocks with quantised scales (k-quants).
    case k
    /// Codebook look-ups (i-quants, NF4, AQLM).
    case iq
    /// Four-bit floating point with a shared scale (MXFP4, NVFP4).
    case fp4
    /// Two bits or less with values −1, 0, 1.
    case ternary
    /// Eight-bit floating point, scaled.
    case fp8

    /// The names that runtime profiles know.
    public static let names = allCases.filter { $0 != .none }.map(\.name)

    /// The name in runtime profiles.
    public var name: String {
      switch self {
      case .none: "none"
      case .q8: "q8"
      case .int4: "int4"
      case .k: "k"
      case .iq: "iq"
      case .fp4: "fp4"
      case .ternary: "ternary"
      case .fp8: "fp8"
      }
    }
  }

  /// A format by its block: `blockBits` over `blockElements`.
  public init(
    name: String, blockElements: Int = 1, blockBits: Double, expansion: Expansion = .none,
    multiply: MultiplyPrecision
  ) {
    self.name = name
    self.blockElements = blockElements
    self.blockBits = blockBits
    self.expansion = expansion
    self.multiply = multiply
  }

  /// Stored bits an element, scales included.
  public var bitsPerElement: Double { blockBits / Double(blockElements) }

  /// Stored bytes an element, scales included.
  public var bytesPerElement: Double { bitsPerElement / 8 }

  /// Whether elements are grouped under scales, or need expanding before arithmetic.
  public var isQuantised: Bool { expansion != .none }

  public var description: String { name }

  /// 16-bit brain floating point.
  public static let bf16 = NumberFormat(name: "bf16", blockBits: 16, multiply: .bf16)
  /// IEEE half precision.
  public static let f16 = NumberFormat(name: "f16", blockBits: 16, multiply: .f16)
  /// IEEE single precision.
  public static let f32 = NumberFormat(name: "f32", blockBits: 32, multiply: .f32)
}
