/// A text is denoised in passes over all of it, each fixing some of its tokens.
///
/// Nie et al. 2025, LLaDA, section 2.
///
/// A round is one pass. An answer of G tokens in N passes gives G/N tokens a pass. Without a cache each pass
/// covers the whole context, prompt and answer. With blocks and a cache (Wu et al. 2025, Fast-dLLM, section
/// 3.2) it covers one block against the keys and values of the context, as they were when the block was
/// begun; a pass over context and block then renews them, once a block, and counts as 1/(passes a block) of a
/// pass in every round. A pass fixes at least one token, and at most those of its block: N is at least the
/// number of blocks, and at most the tokens of the answer.
struct Diffusion: Decoding {
  /// Passes for the whole answer (N); one for each token of it where not given.
  let steps: Int?
  /// Tokens of the answer (G); those to be generated, or the whole context, where not given.
  let length: Int?
  /// Tokens that are denoised together; the whole answer where not given.
  let block: Int?
  /// Whether passes read keys and values of earlier ones outside the block.
  let hasCache: Bool

  static let technique = Technique(
    name: "diffusion", axis: .decoding,
    form: "diffusion[:steps=N][:length=TOKENS][:block=TOKENS[:cache]]",
    summary: "The whole text is denoised again and again, and each pass fixes some of its tokens.",
    equation: "FLOPs = N·[linear(P + G) + 4·L·H·d_h·(P + G)²], G/N tokens a pass",
    conditions: [
      "The model must be a diffusion model.",
      "With a cache, keys and values outside the block are those of an earlier pass: outputs differ.",
    ],
    source: "Nie et al. 2025, LLaDA, section 2; Wu et al. 2025, Fast-dLLM, section 3.2")

  var name: String {
    var parts = [Self.technique.name]
    if let steps { parts.append("steps=\(steps)") }
    if let length { parts.append("length=\(length)") }
    if let block { parts.append("block=\(block)") }
    if hasCache { parts.append("cache") }
    return parts.joined(separator: ":")
  }

  var keepsApproximateCache: Bool { hasCache }

  var note: String? {
    hasCache ? "the cache is approximate: quality is not simulated" : nil
  }

  func refusal(for model: Model) -> (problem: String, remedy: String)? {
    guard model.kind != .diffusion else { return nil }
    return (
      "\(model.id) is no diffusion model", "leave it out, or choose a model of kind diffusion"
    )
  }

  func round(_ settings: StepSettings, _ model: Model) -> DecodingRound {
    let (context, batch) = (settings.context, settings.batch)
    let answer = length ?? min(settings.generate ?? context, context)
    let blocks = block.map { (answer + $0 - 1) / $0 } ?? 1
    let passes = Double(min(max(steps ?? answer, blocks), answer))
    let tokens = Double(batch) * Double(answer) / passes
    guard hasCache, let block else {
      let all = max(context, answer)
      return DecodingRound(Self.pass(all, batch: batch), tokens: tokens)
    }
    let step = Step(
      newTokens: block, cachedTokens: context, logitTokens: block, batch: batch, isCausal: false)
    var renewal = Self.pass(context + block, batch: batch)
    renewal.logitTokens = 0
    return DecodingRound(
      step, extra: DecodingRound.Extra(step: renewal, share: Double(blocks) / passes),
      tokens: tokens)
  }

  /// A pass over all tokens, with logits for each.
  private static func pass(_ tokens: Int, batch: Int) -> Step {
    Step(newTokens: tokens, cachedTokens: 0, logitTokens: tokens, batch: batch, isCausal: false)
  }
}

extension DecodingEntry {
  /// Denoising, whole or in blocks.
  static let diffusion = DecodingEntry(Diffusion.technique) { text in
    var counts: [String: Int] = [:]
    for key in ["steps", "length", "block"] {
      guard let value = text.text(key) else { continue }
      guard let count = TokenCount.parse(value) else { return nil }
      counts[key] = count
    }
    let (steps, length, block) = (counts["steps"], counts["length"], counts["block"])
    let word = text.text()
    guard word == nil || word == "cache" else { return nil }
    let hasCache = word != nil
    // A pass fixes at least one token and at most a block, and blocks fill the answer.
    if let steps, let length, steps > length { return nil }
    if let block, let length, !length.isMultiple(of: block) { return nil }
    if let steps, let block, let length, steps < length / block { return nil }
    if hasCache, block == nil { return nil }
    return Diffusion(steps: steps, length: length, block: block, hasCache: hasCache)
  }
}
