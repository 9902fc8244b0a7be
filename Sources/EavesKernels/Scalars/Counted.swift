/// A double that adds what is done with it to the counter of the task.
///
/// Kernels on it return what they return on `Double`, and the counter says what they did.
public struct Counted: KernelScalar {
  /// The value.
  public let widened: Double

  public init(_ value: Double) { widened = value }

  private static func lanes(_ value: Double) -> Counted {
    Counter.current?.lanes += 1
    return Counted(value)
  }

  public static func + (left: Counted, right: Counted) -> Counted {
    lanes(left.widened + right.widened)
  }

  public static func - (left: Counted, right: Counted) -> Counted {
    lanes(left.widened - right.widened)
  }

  public static func * (left: Counted, right: Counted) -> Counted {
    lanes(left.widened * right.widened)
  }

  public static prefix func - (value: Counted) -> Counted { Counted(-value.widened) }

  public static func larger(_ left: Counted, _ right: Counted) -> Counted {
    lanes(max(left.widened, right.widened))
  }

  public func ifPositive(_ positive: Counted, else other: Counted) -> Counted {
    Self.lanes(widened > 0 ? positive.widened : other.widened)
  }

  public func adding(product left: Counted, _ right: Counted) -> Counted {
    Counter.current?.multiplyAdds += 1
    return Counted(widened + left.widened * right.widened)
  }

  private func special(_ function: Counter.Function, _ value: Double) -> Counted {
    Counter.current?.functions[function, default: 0] += 1
    return Counted(value)
  }

  public var exponential: Counted { special(.exponential, widened.exponential) }
  public var rescaling: Counted { special(.rescaling, widened.rescaling) }
  public var logarithm: Counted { special(.logarithm, widened.logarithm) }
  public var reciprocal: Counted { special(.reciprocal, widened.reciprocal) }
  public var root: Counted { special(.squareRoot, widened.squareRoot()) }
  public var hyperbolicTangent: Counted { special(.tangent, widened.hyperbolicTangent) }
  public var sigmoid: Counted { special(.sigmoid, widened.sigmoid) }
}
