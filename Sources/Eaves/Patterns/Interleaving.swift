/// Layers with a window and layers without one in turn, as `--pattern` asks for it instead of the model's own
/// (Gemma 2, section 2; Gemma 3, section 2.1).
///
/// Not a pattern of one layer: which one a layer has follows from its place.
public struct Interleaving: Sendable, Hashable {
  /// Tokens that a token sees in layers with a window, itself included.
  public let window: Int
  /// Layers with a window, and layers without one after them, in each round.
  public let local: Int
  public let global: Int

  /// Text that parses back.
  public var name: String { "interleaved:\(window):\(local)+\(global)" }

  /// Reads `interleaved:1024:5+1`; `nil` where the text is something else.
  public static func parse(_ text: String) -> Interleaving? {
    guard var option = OptionText(parsing: text), option.name == technique.name,
      let window = option.count(), let counts = option.counts(joinedBy: "+"),
      option.unused.isEmpty, counts.first <= 1000, counts.second <= 1000
    else { return nil }
    return Interleaving(window: window, local: counts.first, global: counts.second)
  }

  /// The pattern of a layer, counted from 0.
  func pattern(ofLayer layer: Int) -> any Pattern {
    isLocal(layer) ? SlidingWindow(window) : Causal()
  }

  /// Whether a layer has a window.
  func isLocal(_ layer: Int) -> Bool { layer % (local + global) < local }

  /// What it is.
  public static let technique = Technique(
    name: "interleaved", axis: .pattern, form: "interleaved:TOKENS:LOCAL+GLOBAL",
    summary: "Some layers with a window, then some without, in turn.",
    equation: "P and cache of each layer are those of its own pattern",
    conditions: ["trained in", "only causal models"],
    source: "Gemma Team, Gemma 3, section 2.1")
}
