public import Eaves

/// A text cut into windows, and how configurations of a decoder foretell it.
///
/// Of each window of n tokens the second half is scored: those that have at least n/2 tokens before them, as
/// llama.cpp's `perplexity` does. Windows do not overlap. The first is set apart: what is left out of a model is
/// ranked on it.
public struct TextTest: Sendable {
  /// The windows that are scored, each beginning with the token that begins texts, where there is one.
  let windows: [[Int]]
  /// The window that heads and neurons are ranked on.
  let apart: [Int]
  private var base: [LogProbabilities] = []
  /// What the first configuration scored, against which others are held.
  public private(set) var reference: TextScore?

  /// Cuts a text; `nil` where there are not two windows.
  /// - Parameters:
  ///   - tokens: the text, one window more than is scored.
  ///   - length: tokens of a window, 4 or more.
  ///   - count: windows that are scored at most.
  ///   - first: the token that begins every window; `nil` for none.
  public init?(_ tokens: [Int], length: Int, count: Int, first: Int?) {
    let windows = stride(from: 0, through: tokens.count - length, by: length).prefix(count + 1)
      .map { start in
        var window = Array(tokens[start..<start + length])
        if let first { window[0] = first }
        return window
      }
    guard length >= 4, windows.count >= 2 else { return nil }
    apart = windows[0]
    self.windows = Array(windows.dropFirst())
  }

  /// How many windows are scored.
  public var count: Int { windows.count }

  /// Tokens of a window whose successors are scored.
  private func wanted(_ window: [Int]) -> Range<Int> { window.count / 2..<window.count - 1 }

  /// Scores one configuration; the first is what later ones are held against.
  /// - Parameters:
  ///   - setting: the model, its cache and patterns.
  ///   - weights: its weights.
  ///   - progress: is told how many windows are done.
  /// - Returns: the score.
  /// - Throws: `KernelError` where the model is not executed here.
  public mutating func score(
    _ setting: DecoderPass.Setting, _ weights: DecoderWeights, progress: (Int) -> Void
  ) throws(KernelError) -> TextScore {
    var pass = try DecoderPass(setting, weights)
    var score = TextScore()
    let isFirst = reference == nil
    for (index, window) in windows.enumerated() {
      guard window.allSatisfy((0..<weights.embedding.rows).contains) else {
        throw .operandMismatch("a token that the table of \(weights.embedding.rows) has no row of")
      }
      var result = TextScore.Window()
      var isFinite = true
      var kept = LogProbabilities()
      let known = isFirst ? nil : base[index]
      let wanted = wanted(window)
      // The last token has no successor whose probability is known.
      try pass.run(Array(window.dropLast()), wanted: wanted) { first, rows in
        for (place, row) in rows.enumerated() {
          let logs = LogProbabilities.of(row)
          guard logs.allSatisfy(\.isFinite) else {
            isFinite = false
            continue
          }
          let token = first + place
          result.tokens += 1
          result.loss -= Double(logs[window[token + 1]])
          guard let known else {
            kept.append(logs)
            result.sameTop += 1
            continue
          }
          let at = token - wanted.lowerBound
          result.divergence += known.divergence(at, from: logs)
          let top = logs.indices.max { logs[$0] < logs[$1] }
          result.sameTop += top == known.top(at) ? 1 : 0
        }
      }
      guard isFinite else {
        throw .operandMismatch("the weights give probabilities that are no finite numbers")
      }
      if isFirst { base.append(kept) }
      score.append(result)
      progress(index + 1)
    }
    if isFirst { reference = score }
    return score
  }

  /// Leaves out of weights what a sparsity says; heads, neurons and layers are ranked on the window set apart.
  /// - Parameters:
  ///   - omissions: what goes.
  ///   - weights: the weights, changed.
  ///   - setting: the model; told of layers and neurons that go.
  /// - Returns: the numbers of the layers that stay.
  /// - Throws: `KernelError` where the model is not executed here.
  public func leaveOut(
    _ omissions: [Omission], of weights: inout DecoderWeights, _ setting: inout DecoderPass.Setting
  ) throws(KernelError) -> [Int] {
    guard let block = setting.model.layers.first.flatMap({ setting.model.blocks[$0] }),
      let attention = block.attention
    else { return Array(weights.layers.indices) }
    var trace: DecoderPass?
    if omissions.contains(where: \.isRanked) {
      var pass = try DecoderPass(setting, weights, isTraced: true)
      try pass.run(apart, wanted: apart.count - 1..<apart.count) { _, _ in }
      trace = pass
    }
    for case .activations(let share) in omissions { setting.keptNeurons = 1 - share }
    return WeightOmission.apply(omissions, to: &weights, attention, trace: trace)
  }
}

extension Omission {
  /// Whether a pass over a text says what goes.
  fileprivate var isRanked: Bool {
    switch self {
    case .heads, .neurons, .layers: true
    case .weights, .twoOfFour, .activations: false
    }
  }
}
