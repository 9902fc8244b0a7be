#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A number that reference kernels compute with.
///
/// On `Float` and `Double` a kernel computes, on `Counted` it is counted. What is an operation and of which engine
/// is that of docs/method.md 1: an addition, a multiplication and a comparison are one lane operation each, a
/// multiply-add of matrix work is one multiply-add, and a special function is one whatever it costs. A change of
/// sign is none: it is part of the operation that reads it.
public protocol KernelScalar: Sendable {
  /// The nearest scalar.
  init(_ value: Double)
  /// The value in double precision.
  var widened: Double { get }

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static prefix func - (value: Self) -> Self
  /// The larger of two.
  static func larger(_ left: Self, _ right: Self) -> Self

  /// One of two, by whether this is above zero: one comparison.
  func ifPositive(_ positive: Self, else other: Self) -> Self

  /// This and a product: one multiply-add of matrix work.
  func adding(product left: Self, _ right: Self) -> Self

  var exponential: Self { get }
  /// exp that makes up for a new maximum in an online softmax.
  var rescaling: Self { get }
  var logarithm: Self { get }
  var reciprocal: Self { get }
  var root: Self { get }
  var hyperbolicTangent: Self { get }
  /// 1 / (1 + exp(−x)), one special function as docs/method.md 1 counts it in gates.
  var sigmoid: Self { get }
}

extension KernelScalar {
  /// Zero, which costs nothing to write down.
  public static var zero: Self { Self(0) }

  /// log(1 + exp(x)): two special functions and an addition.
  public var softplus: Self { (Self(1) + exponential).logarithm }

  /// x·σ(x): a special function and a multiplication.
  public var silu: Self { self * sigmoid }

  /// Σ aᵢ·bᵢ on lanes: `count` multiplications and as many additions.
  static func laneDot(_ count: Int, _ pair: (Int) -> (Self, Self)) -> Self {
    var sum = Self.zero
    for index in 0..<count {
      let (left, right) = pair(index)
      sum = sum + left * right
    }
    return sum
  }

  /// Σ aᵢ·bᵢ as matrix work: `count` multiply-adds.
  static func dot(_ count: Int, _ pair: (Int) -> (Self, Self)) -> Self {
    var sum = Self.zero
    for index in 0..<count {
      let (left, right) = pair(index)
      sum = sum.adding(product: left, right)
    }
    return sum
  }
}

extension Float: KernelScalar {
  public var widened: Double { Double(self) }
  public static func larger(_ left: Float, _ right: Float) -> Float { max(left, right) }
  public func ifPositive(_ positive: Float, else other: Float) -> Float {
    self > 0 ? positive : other
  }
  public func adding(product left: Float, _ right: Float) -> Float { self + left * right }
  public var exponential: Float { exp(self) }
  public var rescaling: Float { exp(self) }
  public var logarithm: Float { log(self) }
  public var reciprocal: Float { 1 / self }
  public var root: Float { squareRoot() }
  public var hyperbolicTangent: Float { tanh(self) }
  public var sigmoid: Float { 1 / (1 + exp(-self)) }
}

extension Double: KernelScalar {
  public var widened: Double { self }
  public static func larger(_ left: Double, _ right: Double) -> Double { max(left, right) }
  public func ifPositive(_ positive: Double, else other: Double) -> Double {
    self > 0 ? positive : other
  }
  public func adding(product left: Double, _ right: Double) -> Double { self + left * right }
  public var exponential: Double { exp(self) }
  public var rescaling: Double { exp(self) }
  public var logarithm: Double { log(self) }
  public var reciprocal: Double { 1 / self }
  public var root: Double { squareRoot() }
  public var hyperbolicTangent: Double { tanh(self) }
  public var sigmoid: Double { 1 / (1 + exp(-self)) }
}
