/// The cache policies that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum CachePolicyList {
  /// One word a policy; each file says how it is written and what it makes of a layer.
  static let entries: [CacheEntry] = [
    .rolling, .full, .sinks, .h2o, .scissorhands, .tova, .snapKV, .pyramidKV, .kivi, .paged,
    .contiguous, .prefix, .offload,
  ]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// One of each, with usual sizes.
  public static let examples = entries.map(\.example)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads a policy; `nil` where the text is none.
  public static func parse(_ text: String) -> CacheChoice? {
    guard var option = OptionText(parsing: text),
      let entry = entries.first(where: { $0.technique.name == option.name }),
      let choice = entry.make(&option), option.unused.isEmpty
    else { return nil }
    return choice
  }

  /// What could have been meant: the form of the policy that a text begins with, else all forms.
  public static func forms(like text: String) -> [String] {
    let word = text.prefix { $0 != ":" }
    let meant = entries.filter { $0.technique.name == word }.map(\.technique.form)
    return meant.isEmpty ? forms : meant
  }
}

/// A cache policy of the list: what it is, and how its text is read.
struct CacheEntry: Sendable {
  let technique: Technique
  /// Text that names one such policy, with a usual size.
  let example: String
  /// Takes the parts of the text that it knows and makes the choice; `nil` where they make none.
  let make: @Sendable (inout OptionText) -> CacheChoice?

  /// A policy of the axis; its name is the form's first word.
  init(
    _ form: String, example: String, summary: String, equation: String,
    conditions: [String] = [], source: String,
    make: @escaping @Sendable (inout OptionText) -> CacheChoice?
  ) {
    let name = form.prefix { $0 != ":" && $0 != "[" }
    technique = Technique(
      name: String(name), axis: .cache, form: form, summary: summary, equation: equation,
      conditions: conditions, source: source)
    self.example = example
    self.make = make
  }

  /// What policies that drop entries have in common.
  static let evictingConditions = [
    "Results are not those of a full cache: what was dropped cannot be read again.",
    "It does not lower the peak of a prefill: the whole prompt is there until it has been read.",
  ]
}

/// A layer that a policy is for.
public struct CacheSite: Sendable {
  public let pattern: any Pattern
  /// Which layer it is, from 0, and how many there are.
  public let layer: Int
  public let layers: Int

  /// Entries that are of any use: those that the pattern reaches.
  var reach: Int { pattern.reach ?? .max }
}

/// A cache policy as a configuration names it: what it is in a layer depends on the layer.
public struct CacheChoice: Sendable, Hashable {
  /// Text that parses back to the choice.
  public let name: String
  /// Whether layers differ in more than their pattern (a budget by depth).
  let isPerLayer: Bool
  /// The policy of a layer.
  let policy: @Sendable (CacheSite) -> any CachePolicy

  init(
    _ name: String, isPerLayer: Bool = false,
    policy: @escaping @Sendable (CacheSite) -> any CachePolicy
  ) {
    self.name = name
    self.isPerLayer = isPerLayer
    self.policy = policy
  }

  /// A policy that is the same in every layer but for how far the pattern of the layer reaches.
  init<Policy: CachePolicy>(_ policy: @escaping @Sendable (_ reach: Int) -> Policy) {
    self.init(policy(.max).name) { policy($0.reach) }
  }

  public static func == (left: CacheChoice, right: CacheChoice) -> Bool { left.name == right.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension CacheChoice {
  /// The policy in a causal layer that is the only one.
  public var ofOneLayer: any CachePolicy {
    policy(CacheSite(pattern: Causal(), layer: 0, layers: 1))
  }

  /// Whether attention over every token has the same result as without a policy.
  public var isLossless: Bool { ofOneLayer.isLossless }
}
