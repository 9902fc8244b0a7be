/// One published figure of the quality of a model under one choice.
public struct QualityRecord: Sendable, Hashable {
  /// The name of the row.
  public let id: String
  /// The option that was varied (`weights`, `attention`), or `model` where a student stands for its teacher.
  public let axis: String
  /// What the option was set to, in the spelling of result rows; the student.
  public let value: String
  /// The model that was measured; of a student, the teacher.
  public let model: String
  /// How the weights came to that format, such as RTN or AWQ.
  public let method: String
  /// Bits a weight as the source states them; `nil` where it does not.
  public let bitsPerWeight: Double?
  /// The figure.
  public let result: Double
  /// The figure as it was printed.
  public let printed: String
  /// What may be compared: never figures of different tables.
  public let table: QualityTable
  /// Whether it is what others of the table are compared with.
  public let isBaseline: Bool
  /// Whether the source itself was read.
  public let isVerified: Bool
  public let note: String
}

/// What figures must have in common to be compared: source, generation, data, context and metric.
public struct QualityTable: Sendable, Hashable {
  /// What a figure measures.
  public enum Metric: String, Sendable, CaseIterable {
    /// Lower is better.
    case perplexity
    /// Higher is better.
    case score
    /// Kullback–Leibler divergence of the tokens' distributions from the baseline's: lower is better.
    case divergence
  }

  public let source: String
  /// The generation of the model: figures of Llama 1 say nothing of Llama 2.
  public let generation: String
  /// Empty where the source does not say it.
  public let dataset: String
  /// `nil` where the source does not say it.
  public let context: Int?
  public let metric: Metric

  /// The table in words: "WikiText-2, context 2048, AWQ Table 4".
  public var description: String {
    [
      dataset.isEmpty ? "data not named" : dataset,
      context.map { "context \($0)" } ?? (metric == .perplexity ? "context not stated" : ""),
      source,
    ].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Quality lost against a baseline, as a share; of divergences the divergence itself.
  public func loss(_ result: Double, against baseline: Double) -> Double? {
    switch metric {
    case .perplexity: baseline > 0 ? result / baseline - 1 : nil
    case .score: baseline > 0 ? 1 - result / baseline : nil
    case .divergence: result
    }
  }
}
