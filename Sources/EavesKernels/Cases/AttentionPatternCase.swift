public import Eaves

/// Attention under each visibility pattern: the runs that are executed are those that are counted.
///
/// Tiles are those that Eaves counts for the pattern: 128 keys wide, or blocks of the pattern's own, or keys gathered
/// for each query.
public struct AttentionPatternCase: KernelCase {
  public static let family = "attention-patterns"
  let setting: AttentionSetting
  let execution: AttentionFused.Execution

  public var shape: String { setting.label }

  public var operations: [Operation] {
    get throws(KernelError) { try setting.operations(.flash2, .attention) }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try AttentionFused.run(buffers, setting.pattern, setting.step, execution)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    try setting.define(try memory.buffers(0))
  }

  public var unpredictedSpecial: Int {
    guard case .tiles(_, let columns) = execution else { return 0 }
    return setting.rescalings(columns: columns)
  }

  /// Eaves takes the choices of several new tokens as disjoint, and branches as having keys of their own.
  public func untouched(_ operation: Operation, _ operand: Int) -> Int {
    let shared = operation.operands[operand]
    guard shared.role == .cacheRead, setting.pattern.isChosenByData(setting.step) else { return 0 }
    let read = setting.batch * Visibility(setting.pattern, setting.step).cached.count
    return (shared.rows - read) * shared.columns
  }

  /// Patterns that a configuration can name, with sizes that a few tokens show; blocks where they have their own.
  static let samples: [(text: String, block: Int?)] = [
    ("causal", nil), ("bidirectional", nil), ("window:5", nil), ("local:3", nil),
    ("dilated:3:gap=4", nil), ("strided:4", nil), ("fixed:4:c=1", nil),
    ("longformer:4:global=2", nil), ("bigbird:2:window=3:random=1:global=2", 2),
    ("block-sparse:4:density=0.5", 4), ("sinks:2+5", nil), ("topk:4", nil),
    ("quest:4:page=2", nil), ("minference:8:block=4", 4),
    ("nsa:stride=4:select=2x4:window=4", nil), ("dsa:4", nil),
  ]

  static let all: [any KernelCase] = samples.flatMap { text, block -> [any KernelCase] in
    guard let pattern = PatternList.parse(text) else { return [] }
    var cases: [AttentionPatternCase] = []
    let isGathered = text.hasPrefix("dsa")
    let tokens = 20
    // The branches of NSA have tiles of their own each: only its single queries are executed.
    if !text.hasPrefix("nsa") {
      let side = block ?? Schedule.tileRows
      cases.append(
        AttentionPatternCase(
          setting: AttentionSetting(new: tokens, pattern: pattern),
          execution: isGathered
            ? .gathered(columns: Schedule.tileRows)
            : .tiles(rows: block ?? tokens, columns: side)))
    }
    if pattern.isCausal {
      cases.append(
        AttentionPatternCase(
          setting: AttentionSetting(heads: 4, new: 1, cached: 18, pattern: pattern),
          execution: .runs))
    }
    if pattern.isCausal, block == nil, !isGathered, !text.hasPrefix("nsa") {
      cases.append(
        AttentionPatternCase(
          setting: AttentionSetting(heads: 1, kvHeads: 1, new: 3, cached: 17, pattern: pattern),
          execution: .tiles(rows: 3, columns: Schedule.tileRows)))
    }
    return cases
  }
}

extension Pattern {
  /// Whether which keys are read depends on the data, so that Eaves only bounds what is touched of them.
  func isChosenByData(_ step: Step) -> Bool {
    selection(step, heads: 1, kvHeads: 1, headSize: 1) != nil
  }
}
