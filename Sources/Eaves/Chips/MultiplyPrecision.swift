/// The number format in which products are formed and summed: the key of an engine's rates.
///
/// It is not a storage format: 4-bit weights with 16-bit activations multiply in `f16`.
public enum MultiplyPrecision: String, Sendable, Hashable, CaseIterable {
  case f64, f32, tf32, bf16, f16, f8, f6, f4, i32, i16, i8, i4, b1

  /// Precisions that carry this one's products without loss of range, nearest first, itself included.
  ///
  /// An engine without a rate for `f8` runs the work at its `f16` rate after widening
  /// (`native_math` in the list of validity predicates). bf16 and f16 stand in for each other:
  /// frameworks convert where only one of them is native.
  public var carriers: [MultiplyPrecision] {
    switch self {
    case .f64: [.f64]
    case .f32: [.f32, .f64]
    case .tf32: [.tf32, .f32, .f64]
    case .bf16: [.bf16, .f16, .tf32, .f32, .f64]
    case .f16: [.f16, .bf16, .tf32, .f32, .f64]
    case .f8: [.f8, .f16, .bf16, .tf32, .f32]
    case .f6: [.f6, .f8, .f16, .bf16, .tf32, .f32]
    case .f4: [.f4, .f6, .f8, .f16, .bf16, .tf32, .f32]
    case .i32: [.i32, .f64, .f32]
    case .i16: [.i16, .i32, .f32]
    case .i8: [.i8, .i16, .f16, .bf16, .tf32, .f32]
    case .i4: [.i4, .i8, .i16, .f16, .bf16, .tf32, .f32]
    case .b1: [.b1, .i4, .i8, .i16, .f16, .bf16, .tf32, .f32]
    }
  }

  /// The accumulator that products of this precision are summed in unless a runtime says otherwise.
  public var usualAccumulator: MultiplyPrecision {
    switch self {
    case .f64: .f64
    case .f32, .tf32, .bf16, .f16, .f8, .f6, .f4: .f32
    case .i32, .i16, .i8, .i4, .b1: .i32
    }
  }

  /// Position in `allCases`: an index into tables of the evaluator.
  public var index: Int {
    switch self {
    case .f64: 0
    case .f32: 1
    case .tf32: 2
    case .bf16: 3
    case .f16: 4
    case .f8: 5
    case .f6: 6
    case .f4: 7
    case .i32: 8
    case .i16: 9
    case .i8: 10
    case .i4: 11
    case .b1: 12
    }
  }

  /// How many precisions there are.
  public static let count = 13
}
