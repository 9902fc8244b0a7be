/// Where experts can be kept: what `--experts` reads.
///
/// A test fails if a file of this folder with a member is missing here.
public enum ExpertList {
  /// One word each; each file says how it is written.
  static let entries: [ExpertEntry] = [.resident, .offload, .lru]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads a choice; `nil` where the text is none.
  public static func parse(_ text: String) -> ExpertChoice? {
    guard var text = OptionText(parsing: text),
      let kept = entries.first(where: { $0.technique.name == text.name })?.make(&text),
      var choice = common(kept, &text), text.unused.isEmpty
    else { return nil }
    if case .uniform = choice.popularity { return choice }
    // What is fetched whole does not depend on who is popular.
    if choice.kept == .noneAtAll { return nil }
    choice.trace = nil
    return choice
  }

  /// The parts that all have: how tokens choose, where the rest lies, what is guessed.
  private static func common(_ kept: ExpertChoice.Kept, _ text: inout OptionText) -> ExpertChoice? {
    var choice = ExpertChoice(kept)
    let word = text.text()
    guard word == nil || word == "uniform" else { return nil }
    switch (word, text.text("zipf"), text.text("trace")) {
    case (_, nil, nil): break
    case (nil, let exponent?, nil):
      guard let value = Double(exponent), value >= 0, value <= 10 else { return nil }
      choice.popularity = .zipf(value)
    case (nil, nil, let path?): choice.popularity = .trace(path)
    default: return nil
    }
    switch text.text("to") {
    case nil, "host": break
    case "flash": choice.peer = .storage
    default: return nil
    }
    if let share = text.text("prefetch") {
      guard let value = Double(share), value > 0, value <= 1 else { return nil }
      choice.guessed = value
    }
    // Nothing is fetched of what is at hand.
    if kept == .all, choice.peer == .storage || choice.guessed > 0 { return nil }
    return choice
  }
}

/// A member of the list: what it is, and how its text is read.
struct ExpertEntry: Sendable {
  let technique: Technique
  /// A text that it reads.
  let example: String
  /// Reads the parts behind the name that are its own; `nil` where they are nonsense.
  let make: @Sendable (inout OptionText) -> ExpertChoice.Kept?

  init(
    _ technique: Technique, example: String,
    make: @escaping @Sendable (inout OptionText) -> ExpertChoice.Kept?
  ) {
    self.technique = technique
    self.example = example
    self.make = make
  }

  /// Conditions of what lies behind a link.
  static let behindLink = [
    "The chip has a link to the host, or storage with a bandwidth.",
    "What lies behind it holds the experts: profiles do not say how large a host is.",
    "A fetched expert is waited for. Guesses hide at most the time that the rest of the step takes, times their share that is right.",
  ]
}
