/// What a kernel did, by engine.
///
/// A kernel runs on one task, and only that task reaches its counter: that is why no lock is needed.
public final class Counter: @unchecked Sendable {
  /// A special function.
  public enum Function: Sendable, Hashable, CaseIterable {
    case exponential
    /// An exp that makes up for a new maximum in an online softmax.
    case rescaling
    case logarithm, reciprocal, squareRoot, tangent, sigmoid
  }

  /// Multiply-adds of matrix work, masked ones of whole tiles too.
  public internal(set) var multiplyAdds = 0
  /// Additions, multiplications and comparisons beside them.
  public internal(set) var lanes = 0
  /// Special functions by kind.
  public internal(set) var functions: [Function: Int] = [:]
  /// Pairs of a query and a key that were scored and not masked, over all heads.
  public internal(set) var pairs = 0
  /// Tiles of queries and keys that were executed, over all heads.
  public internal(set) var tiles = 0

  /// The counter of this task, where there is one.
  @TaskLocal public static var current: Counter?

  init() {}

  /// Matrix FLOPs: two a multiply-add.
  public var matrixFLOPs: Double { 2 * Double(multiplyAdds) }

  /// Special functions of every kind.
  public var special: Int { functions.values.reduce(0, +) }

  /// How often a function was called.
  public subscript(function: Function) -> Int { functions[function] ?? 0 }

  /// Counts what `body` does on this task.
  public static func counting<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> (result: Result, counter: Counter) {
    let counter = Counter()
    let outcome = $current.withValue(counter) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return (try outcome.get(), counter)
  }
}
