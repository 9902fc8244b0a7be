import Eaves

/// Attention of a tiny layer in one step: the sizes that its families have in common.
struct AttentionSetting: Sendable {
  var batch = 1
  var heads = 2
  var kvHeads = 2
  var headSize = 4
  var valueHeadSize: Int?
  var new: Int
  var cached = 0
  var pattern: any Pattern = Causal()
  var cache = CacheChoice.rolling
  var kv: NumberFormat?
  var format = NumberFormat.f32

  /// "b2 H4 G2 d4 S7 n5 causal".
  var label: String {
    "b\(batch) H\(heads) G\(kvHeads) d\(headSize)\(valueHeadSize.map { "/\($0)" } ?? "") S\(new) "
      + "n\(cached) \(pattern.name)"
  }

  var attention: Block.Attention {
    Block.Attention(
      heads: heads, kvHeads: kvHeads, headSize: headSize, valueHeadSize: valueHeadSize)
  }

  var step: Step {
    Step(
      newTokens: new, cachedTokens: cached, logitTokens: pattern.isCausal ? 1 : 0, batch: batch,
      isCausal: pattern.isCausal)
  }

  /// The operations of attention with some ids, in a schedule.
  func operations(
    _ schedule: Schedule, _ ids: Operation.ID...
  ) throws(KernelError) -> [Operation] {
    var model = TinyModel(
      attention: attention, kind: pattern.isCausal ? .decoder : .encoder)
    model.schedule = schedule
    model.pattern = pattern
    model.cache = cache
    model.kv = kv
    model.format = format
    let found = try model.operations(step).filter { ids.contains($0.id) }
    guard found.count == ids.count else { throw .notEmitted("\(ids.map(\.name)) of \(label)") }
    return found
  }

  /// Rescaling exps of an online softmax in tiles of so many keys.
  func rescalings(columns: Int) -> Int {
    batch * heads * Visibility(pattern, step).rescalings(columns: columns)
  }

  /// The definition on the operands of one fused operation.
  func define(_ buffers: Buffers<Double>) throws(KernelError) -> [Double] {
    try AttentionFused.job(buffers, Visibility(pattern, step), batch: batch).definition()
  }
}
