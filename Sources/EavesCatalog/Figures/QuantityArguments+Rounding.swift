import Eaves
import EavesBlocks

extension QuantityArguments {
  /// The most weights that are rounded.
  private static let mostWeights = 1 << 24
  private static let weights = 1 << 18
  /// What is rounded where neither number nor seed is given.
  private static let usual = normalWeights(weights, seed: 1)

  /// ‖ΔW‖/‖W‖, the Frobenius norms of what rounding changes and of seeded normal weights.
  func weightError() throws -> Double {
    let text = text("format") ?? ""
    let format: NumberFormat
    do {
      format = try NumberFormat(parsing: text)
    } catch {
      throw wrong("format", error.problem, remedy: error.remedy)
    }
    guard let quantiser = QuantiserList.quantiser(of: format) else {
      throw wrong(
        "format", "weights cannot be rounded to \(format.name) here",
        remedy: "write \(QuantiserList.standard.joined(separator: " or "))")
    }
    let values = try normalWeights(ofBlocks: quantiser.blockElements)
    return WeightError(of: values, columns: values.count, by: quantiser, activations: [])
      .weightRatio
  }

  /// Seeded values that fill blocks.
  private func normalWeights(ofBlocks block: Int) throws -> [Float] {
    let count = text("count") == nil ? Self.weights : try count("count")
    let seed = text("seed") == nil ? 1 : try self.count("seed")
    guard count <= Self.mostWeights, count.isMultiple(of: block) else {
      throw wrong(
        "count", "\(count) weights",
        remedy: "write a multiple of \(block), at most \(Self.mostWeights)")
    }
    return (count, seed) == (Self.weights, 1)
      ? Self.usual : Self.normalWeights(count, seed: UInt64(seed))
  }

  private static func normalWeights(_ count: Int, seed: UInt64) -> [Float] {
    var values = NormalValues(seed: seed)
    return values.next(count)
  }
}
