/// One token a pass and sequence, each after those before it.
struct Autoregressive: Decoding {
  var name: String { Self.technique.name }

  static let technique = Technique(
    name: "autoregressive", axis: .decoding, form: "autoregressive",
    summary: "One token a pass and sequence, each after those before it.",
    equation: "1 token a pass",
    source: "Radford et al. 2018, GPT, section 3.1")

  /// Any model but a diffusion model; an encoder has nothing to decode, so nothing is asked of it.
  func refusal(for model: Model) -> (problem: String, remedy: String)? {
    guard model.kind == .diffusion else { return nil }
    return (
      "\(model.id) is a diffusion model, which makes no token after another",
      "leave it out, or write \(Diffusion.technique.form)"
    )
  }

  func round(_ settings: StepSettings, _ model: Model) -> DecodingRound {
    let step = settings.step(for: model)
    return DecodingRound(step, tokens: Double(step.batch * step.readTokens))
  }
}

extension DecodingEntry {
  /// One token after the other.
  static let autoregressive = DecodingEntry(Autoregressive.technique) { _ in Autoregressive() }
}
