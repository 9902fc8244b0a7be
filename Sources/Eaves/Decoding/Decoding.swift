/// How tokens come out of passes of a model.
///
/// A technique is one file of this folder and one line in `DecodingList`.
public protocol Decoding: Sendable {
  /// Text that parses back to it.
  var name: String { get }

  /// Why a model cannot be decoded so, and what to write instead; `nil` where it can.
  func refusal(for model: Model) -> (problem: String, remedy: String)?

  /// Whether a model without a cache keeps keys and values of earlier passes.
  var keepsApproximateCache: Bool { get }

  /// What one row of results is made of.
  func round(_ settings: StepSettings, _ model: Model) -> DecodingRound

  /// A sentence that goes with every result; `nil` where there is none.
  var note: String? { get }
}

extension Decoding {
  public var keepsApproximateCache: Bool { false }
  public var note: String? { nil }
}

/// One pass, a share of another one, and the tokens that both make or read: what a row of results is.
public struct DecodingRound: Sendable {
  /// The pass.
  public var step: Step
  /// Another pass that is done once in several rounds.
  public var extra: Extra?
  /// Tokens that the round makes (decode) or reads (prefill, encoders), over the batch; a mean where rounds
  /// differ.
  public var tokens: Double

  /// A pass of which a share falls on each round.
  public struct Extra: Sendable {
    public var step: Step
    /// Passes of this kind a round.
    public var share: Double
  }

  /// A round.
  public init(_ step: Step, extra: Extra? = nil, tokens: Double) {
    self.step = step
    self.extra = extra
    self.tokens = tokens
  }
}
