/// Entries of a prompt that are chosen once, when it has been read: those that its last queries attend to.
///
/// The newest of the prompt are kept too, and all tokens that are generated afterwards.
struct PromptSelection: Sendable, Hashable {
  /// Entries that are chosen.
  let chosen: Int
  /// Newest entries of the prompt, which are kept; their queries choose.
  let window: Int
  /// Tokens of the prompt; `nil` where all cached tokens are taken for it.
  let prompt: Int?
  /// How far the pattern of the layer reads.
  let reach: Int

  /// Neighbours over which a key's votes are pooled (the authors' `kernel_size`).
  static let poolingWidth = 5.0

  func retained(_ tokens: Int) -> Int {
    let kept = chosen + window
    guard let prompt else { return min(tokens, kept, reach) }
    if tokens < prompt { return min(tokens, reach) }
    return min(min(prompt, kept) + tokens - prompt, reach)
  }

  func peak(_ tokens: Int) -> Double { Double(min(tokens, reach)) }

  /// Tokens of the prompt that a step reads to its end; `nil` where it reads none to its end.
  private func promptRead(_ step: Step) -> Int? {
    let read = step.cachedTokens + step.newTokens
    guard let prompt else { return step.cachedTokens == 0 ? read : nil }
    return step.cachedTokens < prompt && prompt <= read ? prompt : nil
  }

  /// In the step that ends the prompt: 2·H·d_q·w·n FLOPs where weights are not handed out, additions and pooling
  /// of the votes; then what was chosen is moved together.
  func emit(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let kept = chosen + window
    // A layer that reads no further than what would be kept drops the rest by itself.
    guard reach > kept, let prompt = promptRead(step), prompt > kept else { return }
    var read = step
    read.newTokens = prompt - step.cachedTokens
    var scoring = KeyScoring(
      last: min(window, prompt), of: read, cachedKeys: min(step.cachedTokens, reach))
    scoring.pooling = Self.poolingWidth * Double(prompt)
    scoring.emit(read, layer, into: &buffer)
    let rows = step.batch * kept
    buffer.append(
      .cacheUpkeep, .gather(rows: Double(rows), columns: layer.entryWidth), work: Work()
    ) { operation in
      for role in [Operand.Role.cacheRead, .cacheWrite] {
        operation.add(
          Operand(role, rows: rows, columns: layer.entryWidth, format: layer.storage.recent))
      }
    }
  }

  /// What a reader should know, under the word of the policy.
  func note(_ word: String, _ layer: CacheLayer) -> String? {
    var sentences: [String] = []
    if prompt == nil { sentences.append("\(word) takes all cached tokens for the prompt") }
    if !layer.schedule.handsOutProbabilities {
      sentences.append(
        "\(word) needs attention weights, which \(layer.schedule.rawValue) does not hand out: "
          + "an extra pass over the keys after the prompt")
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
  }
}

extension OptionText {
  /// Takes `prompt=TOKENS`: inner `nil` where it is left out, outer `nil` where it is no count.
  mutating func promptTokens() -> Int?? {
    guard let text = text("prompt") else { return .some(nil) }
    return TokenCount.parse(text).map { .some($0) }
  }
}
