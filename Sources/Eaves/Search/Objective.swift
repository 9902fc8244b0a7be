import Quantities

/// What a search makes small or large.
public struct Objective: Sendable, Hashable {
  /// The number.
  public let column: Column
  /// Whether more of it is better; less where not.
  public let wantsMore: Bool

  /// A number, and whether more of it is better; as is usual for it, where that is not given.
  public init(_ column: Column, wantsMore: Bool? = nil) {
    self.column = column
    self.wantsMore = wantsMore ?? column.usuallyWantsMore
  }

  /// Reads `latency_s`, or `footprint_bytes:more` and `tokens_per_s:less` against what is usual; `nil` where it is
  /// neither.
  public init?(parsing text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let column = Column(rawValue: String(parts[0])) else { return nil }
    switch parts.count == 2 ? parts[1] : nil {
    case nil: self.init(column)
    case "more": self.init(column, wantsMore: true)
    case "less": self.init(column, wantsMore: false)
    default: return nil
    }
  }

  /// The names that it reads.
  public static let names = Column.allCases.map(\.rawValue)

  /// A number of the result row of the same name.
  public enum Column: String, Sendable, Hashable, CaseIterable {
    case latencyLower = "latency_lower_s"
    case latency = "latency_s"
    case latencyUpper = "latency_upper_s"
    case rate = "tokens_per_s"
    case mainBytes = "main_memory_bytes"
    case footprint = "footprint_bytes"
    case weights = "weights_resident_bytes"
    case cache = "kv_cache_bytes"
    case energy = "energy_j"
    case energyPerToken = "energy_per_token_j"
    case matrix = "matrix_flop"
    case utilisation = "mfu_ratio"
    case quality = "quality_loss_ratio"
    case batch, devices
    case context = "context_tokens"

    /// Whether more is better as a rule.
    var usuallyWantsMore: Bool {
      switch self {
      case .rate, .utilisation, .batch, .context: true
      default: false
      }
    }
  }

  /// The value in the column of its name; `nil` where that is empty.
  func value(_ outcome: borrowing Outcome, _ plan: borrowing Plan) -> Double? {
    let cost = outcome.cost
    switch column {
    case .latencyLower: return cost.lower.value
    case .latency: return cost.expected.value
    case .latencyUpper: return cost.upper.value
    case .rate: return outcome.tokens / cost.expected.value
    case .mainBytes: return cost.mainBytes(plan.machine).value
    case .footprint: return outcome.footprint.total.value
    case .weights: return outcome.footprint.weights.value
    case .cache: return outcome.footprint.kvCache.value
    case .energy: return cost.energy.value
    case .energyPerToken: return cost.energy.value / outcome.tokens
    case .matrix: return cost.matrix.value
    case .utilisation:
      return plan.constants.matrixPeak.map { cost.matrix / cost.expected / $0 }
    case .quality: return outcome.loss
    case .batch: return Double(outcome.settings.batch)
    case .devices: return Double(plan.settings.devices)
    case .context: return Double(outcome.settings.context)
    }
  }
}
