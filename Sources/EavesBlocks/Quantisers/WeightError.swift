/// How far rounded weights are from the weights, by themselves and in what they make of activations.
public struct WeightError: Sendable, Hashable {
  /// Σ (w′ − w)² and Σ w² over all weights.
  public private(set) var weightDifference = 0.0
  public private(set) var weightNorm = 0.0
  /// The same of the outputs y = W·x.
  public private(set) var outputDifference = 0.0
  public private(set) var outputNorm = 0.0
  /// Weights that were rounded.
  public private(set) var weights = 0

  /// Nothing yet.
  public init() {}

  /// The error of one matrix.
  /// - Parameters:
  ///   - matrix: its rows one after the other.
  ///   - columns: the length of a row.
  ///   - quantiser: what rounds it.
  ///   - activations: vectors of that length, one after the other.
  public init(
    of matrix: [Float], columns: Int, by quantiser: any Quantiser, activations: [Float]
  ) {
    let rounded = Self.rounded(matrix, columns: columns, by: quantiser)
    weights = matrix.count
    for start in stride(from: 0, to: matrix.count, by: columns) {
      for index in start..<start + columns {
        let (old, new) = (Double(matrix[index]), Double(rounded[index]))
        weightDifference += (new - old) * (new - old)
        weightNorm += old * old
      }
      for vector in stride(from: 0, to: activations.count, by: columns) {
        var (output, difference): (Float, Float) = (0, 0)
        for index in 0..<columns {
          let x = activations[vector + index]
          output += matrix[start + index] * x
          difference += (rounded[start + index] - matrix[start + index]) * x
        }
        outputDifference += Double(difference) * Double(difference)
        outputNorm += Double(output) * Double(output)
      }
    }
  }

  /// What is left of a matrix: blocks run along rows; where they do not divide them, every row ends in a shorter one.
  public static func rounded(
    _ matrix: [Float], columns: Int, by quantiser: any Quantiser
  ) -> [Float] {
    if columns.isMultiple(of: quantiser.blockElements) { return quantiser.rounded(matrix) }
    return stride(from: 0, to: matrix.count, by: columns).flatMap {
      quantiser.rounded(Array(matrix[$0..<$0 + columns]))
    }
  }

  /// √(Σ(w′ − w)² / Σw²): 0 where there is nothing.
  public var weightRatio: Double { Self.ratio(weightDifference, weightNorm) }

  /// The same of the outputs.
  public var outputRatio: Double { Self.ratio(outputDifference, outputNorm) }

  /// Adds the sums of another matrix.
  public mutating func add(_ other: WeightError) {
    weightDifference += other.weightDifference
    weightNorm += other.weightNorm
    outputDifference += other.outputDifference
    outputNorm += other.outputNorm
    weights += other.weights
  }

  private static func ratio(_ difference: Double, _ norm: Double) -> Double {
    norm > 0 ? (difference / norm).squareRoot() : 0
  }

  /// Vectors of nearly normal values, the same for the same seed: sums of twelve uniform ones, of variance 1.
  public static func activations(_ count: Int, columns: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count * columns).map { _ in
      (0..<12).reduce(Float(0)) { sum, _ in sum + generator.uniform() } / 2
    }
  }
}
