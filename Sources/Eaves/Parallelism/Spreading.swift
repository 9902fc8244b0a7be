/// How the work of a step is spread over several devices of one kind.
///
/// Everything else stays as it is: a member says what shapes and which step one device has, and what it
/// exchanges with the others. Work, bytes and footprint of a result are those of one device; latency, tokens a
/// second and energy are those of all.
protocol Spreading: Sendable {
  /// What it is; its name is the word after `--parallel`.
  static var technique: Technique { get }

  /// Over how many devices.
  init(devices: Int)
  var devices: Int { get }

  /// Why a model cannot be spread so, and what would make it possible; `nil` where it can.
  func refusal(_ model: Model, _ choices: ModelChoices) -> Refusal?

  /// The shapes that one device has.
  func share(_ model: Model) -> Model

  /// The step that one device makes.
  func share(_ step: Step) -> Step

  /// What is exchanged after the mixers of a block, and after its feed-forward part.
  func exchangeAfterMixers(_ block: Block) -> Exchange.Kind?
  func exchangeAfterFeedForward(_ block: Block) -> Exchange.Kind?

  /// What is exchanged once a step, after all layers.
  var exchangeAfterLayers: Exchange.Kind? { get }

  /// How much longer all take than one device takes for its step.
  func timeFactor(batch: Int) -> Double

  /// How many times the work of one device's step all do between them.
  func workFactor(batch: Int) -> Double

  /// The share of a model's layers that one device keeps.
  func layerShare(_ model: Model) -> Double

  /// The context and the batch that one device caches.
  func cached(context: Int, batch: Int) -> (context: Int, batch: Int)

  /// What a reader should know of a model spread so.
  func note(_ model: Model, _ choices: ModelChoices, _ machine: Machine) -> String?
}

extension Spreading {
  func share(_ model: Model) -> Model { model }
  func exchangeAfterMixers(_ block: Block) -> Exchange.Kind? { nil }
  func exchangeAfterFeedForward(_ block: Block) -> Exchange.Kind? { nil }
  var exchangeAfterLayers: Exchange.Kind? { nil }
  func timeFactor(batch: Int) -> Double { 1 }
  func workFactor(batch: Int) -> Double { Double(devices) }
  func layerShare(_ model: Model) -> Double { 1 }
  func cached(context: Int, batch: Int) -> (context: Int, batch: Int) { (context, batch) }
  func note(_ model: Model, _ choices: ModelChoices, _ machine: Machine) -> String? { nil }
}

/// Why a combination is refused, and what would make it valid.
public struct Refusal: Error, Sendable, Hashable {
  public let problem: String
  public let remedy: String

  /// A refusal in two sentences.
  public init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

/// The ways to spread a step that a configuration can name.
///
/// A test fails if a file of this folder with a member is missing here.
public enum ParallelList {
  /// One line a member.
  static let entries: [any Spreading.Type] = [
    TensorParallel.self, RingParallel.self, ExpertParallel.self, PipelineParallel.self,
  ]

  /// The words, for messages.
  public static let names = ["none"] + entries.map { $0.technique.name }

  /// What each is.
  public static let techniques = entries.map { $0.technique }

  /// The member of a name for some devices; `nil` where there is none.
  static func member(_ name: String, devices: Int) -> (any Spreading)? {
    entries.first { $0.technique.name == name }?.init(devices: devices)
  }
}
