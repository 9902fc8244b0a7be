import Quantities

/// A condition on a combination of options: whether it makes sense here, and what a reader should know.
public struct Predicate: Sendable {
  /// Its name: "causal_ok".
  public let name: String
  /// What it asks, in one sentence.
  public let sentence: String
  let check: @Sendable (Combination) -> Verdict?

  init(_ name: String, _ sentence: String, check: @escaping @Sendable (Combination) -> Verdict?) {
    self.name = name
    self.sentence = sentence
    self.check = check
  }

  /// What a predicate says of a combination it does not simply pass.
  enum Verdict: Sendable {
    /// It makes no sense; what would make it valid.
    case refused(Option, Refusal)
    /// It is costed, and this should be known of the result.
    case note(String)
  }

  /// A combination of options, compiled.
  struct Combination: Sendable {
    let machine: Machine
    /// The shapes, with heads shared and pruned as asked for, before they are spread over devices.
    let model: Model
    /// The shapes before anything was left out of them.
    let dense: Model
    let choices: ModelChoices
    /// Softmax attention of each kind of layer, with its pattern and policy.
    let attention: [SoftmaxAttention]
    /// Whether some layer keeps a recurrent state.
    let hasState: Bool
    /// Bytes of all weights, of one device.
    let weightBytes: Bytes
  }
}

/// All predicates, in the order in which they are asked: refusals first.
public enum Validity {
  /// One line a predicate.
  public static let predicates: [Predicate] = [
    .nativeMath, .causalOK, .bidirectionalOK, .fixedLength, .tileFits, .fits, .tileAligned,
    .trainedIn,
    .headSharing, .overlaps, .repeatsHeads, .spreadsEvenly, .exposesProbabilities, .positionReindex,
    .gathers, .gatherSupport, .statePrecision, .twoOfFour, .structuredOnly, .pruned, .lossless,
  ]

  /// The first refusal of a combination.
  static func refusal(_ combination: Predicate.Combination) -> OptionError? {
    for predicate in predicates {
      if case .refused(let option, let refusal) = predicate.check(combination) {
        return OptionError(option, problem: refusal.problem, remedy: refusal.remedy)
      }
    }
    return nil
  }

  /// What readers should know of a combination.
  static func notes(_ combination: Predicate.Combination) -> [String] {
    predicates.compactMap { predicate in
      guard case .note(let sentence) = predicate.check(combination) else { return nil }
      return sentence
    }
  }
}
