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

  /// Whether a recurrent state would be left as it should not be: of tokens that were rejected, or without a pass.
  var breaksStates: Bool { get }

  /// The name or path of another model that it needs; `nil` where it needs none.
  var draft: String? { get }

  /// Why a model and its draft do not go together, and what to write instead; `nil` where they do.
  func refusal(for model: Model, draft: Model) -> Refusal?

  /// Models that passes are made with beside the one asked for; `draft` are the shapes of its `draft`.
  func helpers(of model: Model, draft: Model?) -> [Helper]

  /// Rounds of which the fastest a token is meant; empty where `round` is.
  func choices(_ settings: StepSettings, _ model: Model) -> [DecodingRound]

  /// What a reader should know of a row that helpers took part in.
  func sentence(_ gain: DecodingGain, _ model: Model) -> String
}

extension Decoding {
  public var keepsApproximateCache: Bool { false }
  public var note: String? { nil }
  public var breaksStates: Bool { false }
  public var draft: String? { nil }
  public func refusal(for model: Model, draft: Model) -> Refusal? { nil }
  public func helpers(of model: Model, draft: Model?) -> [Helper] { [] }
  public func choices(_ settings: StepSettings, _ model: Model) -> [DecodingRound] { [] }
  public func sentence(_ gain: DecodingGain, _ model: Model) -> String { "" }
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
  /// The share of rounds in which the whole model makes its pass; less than 1 where some end in a part of it.
  public var share = 1.0
  /// Passes of other models, one after the other.
  public var passes: [HelperPass] = []

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
