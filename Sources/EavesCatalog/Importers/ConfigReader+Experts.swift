import Eaves

extension ConfigReader {
  /// A part with experts, each shaped like `expert`.
  /// - Parameters:
  ///   - expert: One expert.
  ///   - count: How many there are where the key is left out.
  ///   - perToken: How many a token uses where the key is left out.
  /// - Returns: The part with the numbers of the file.
  /// - Throws: `DataError` where a token would use more than there are.
  func experts(
    like expert: Block.FeedForward, count: Int, perToken: Int
  ) throws(DataError) -> Block.FeedForward {
    var part = expert
    part.experts = try integer(ConfigKeys.experts, in: ModelLimits.heads, default: count)
    part.expertsPerToken = try integer(
      ConfigKeys.expertsPerToken, in: ModelLimits.heads, default: perToken)
    guard part.expertsPerToken <= part.experts else {
      throw error(
        at: ConfigKeys.expertsPerToken,
        "a token cannot use \(part.expertsPerToken) of \(part.experts) experts",
        remedy: "write at most \(quoted(spelling(of: ConfigKeys.experts)))")
    }
    return part
  }

  /// The layers without experts: those that `mlp_only_layers` lists, and all but every
  /// `decoder_sparse_step`-th.
  func denseLayers(of count: Int) throws(DataError) -> Set<Int> {
    let step = try integer(["decoder_sparse_step"], in: ModelLimits.layers, default: 1)
    var dense = Set((0..<count).filter { !($0 + 1).isMultiple(of: step) })
    ignore("mlp_only_layers")
    dense.formUnion(try main.integers("mlp_only_layers", in: 0...(count - 1)))
    return dense
  }
}
