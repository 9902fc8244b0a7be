/// A policy that drops entries of a cache, with its budgets.
enum EvictionPolicy: Sendable, Hashable {
  case window(Int)
  case sinks(Int, window: Int)
  /// Sums of all weights so far; the newest are kept anyway (H2O, section 4).
  case heavyHitters(heavy: Int, recent: Int)
  /// Counters of weights above the mean; the newest are kept anyway (Scissorhands, section 4).
  case scissorhands(budget: Int, recent: Int)
  /// The last query's weights alone (TOVA, section 3).
  case tova(Int)
  /// Weights of the last queries of the prompt, once (SnapKV, section 4).
  case snapKV(chosen: Int, window: Int, prompt: Int)
}
