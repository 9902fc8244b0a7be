public import Eaves

/// Latent attention, expanded and absorbed: the same result of the same latents in two ways.
public struct LatentAttentionCase: KernelCase {
  public static let family = "mla"
  let mixer: LatentAttentionShape
  let form: LatentAttentionShape.Form
  let batch: Int
  let new: Int
  let cached: Int

  public var shape: String {
    "\(form.rawValue) b\(batch) H\(mixer.heads) c\(mixer.kvRank)+\(mixer.rotaryWidth) S\(new) "
      + "n\(cached)"
  }

  private var step: Step {
    Step(newTokens: new, cachedTokens: cached, logitTokens: 1, batch: batch)
  }

  private var visibility: Visibility { Visibility(Causal(), step) }

  public var operations: [Operation] {
    get throws(KernelError) {
      let model = try TinyModel(
        hidden: 8, mixer: "latent_attention",
        [
          "heads": mixer.heads, "kv_rank": mixer.kvRank, "rope_dim": mixer.rotaryWidth,
          "nope_dim": mixer.plainWidth, "value_dim": mixer.valueWidth,
        ], words: ["form": form.rawValue])
      switch form {
      case .expanded: return try model.operations(step, .latentExpansion, .attention)
      case .absorbed:
        return try model.operations(step, .latentAbsorption, .attention, .latentAbsorption)
      }
    }
  }

  private var execution: AttentionFused.Execution {
    let side = Schedule.tileRows
    return new == 1 ? .runs : .tiles(rows: min(side, new), columns: side)
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    switch form {
    case .expanded:
      let made = try memory.buffers(0)
      try LatentAttentionKernel.expand(made, step)
      let place = try memory.place(.activationRead, 2, of: 1)
      let attended = try memory.buffers(1, given: [place: try made.output()])
      try LatentAttentionKernel.expandedJob(attended, mixer, visibility, batch: batch)
        .run(execution)
      return try attended.output().values
    case .absorbed:
      let folded = try memory.buffers(0)
      try LatentAttentionKernel.foldQueries(folded, mixer)
      let attended = try memory.buffers(1)
      // The query of a head is its folded part, then its rotary part, which is there already.
      let (query, made) = (attended[0], try folded.output())
      for row in 0..<query.rows {
        for column in 0..<mixer.heads * mixer.kvRank {
          query.fill(
            row, column / mixer.kvRank * mixer.entryWidth + column % mixer.kvRank,
            made.values[row * made.columns + column])
        }
      }
      try LatentAttentionKernel.absorbedJob(attended, mixer, visibility, batch: batch)
        .run(execution)
      let results = try memory.buffers(2, given: [0: try attended.output()])
      try LatentAttentionKernel.foldResults(results, mixer)
      return try results.output().values
    }
  }

  /// Keys and values of every head written out of the latents, then attention by its definition.
  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let (heads, rank, plain) = (mixer.heads, mixer.kvRank, mixer.plainWidth)
    let (value, width) = (mixer.valueWidth, mixer.plainWidth + mixer.rotaryWidth)
    let (first, attended) = (try memory.buffers(0), try memory.buffers(1))
    let visibility = visibility
    let entries: EntryRows<Double>
    let rotary: EntryRows<Double>
    let makers: (_ head: Int, _ row: Int, _ column: Int) -> Double
    let query: (Int, Int, Int, Int) -> Double
    let new = new
    switch form {
    case .expanded:
      entries = try EntryRows(
        cached: first.with(.cacheRead), new: try first.onlyInput(), batch: batch, visibility)
      rotary = try EntryRows(
        cached: attended.with(.cacheRead), new: attended.with(.activationRead)[1], batch: batch,
        visibility)
      let weights = first.with(.weights)[0].values
      makers = { weights[($0 * (plain + value) + $1) * rank + $2] }
      query = { attended[0].values[($0 * new + $1) * heads * width + $2 * width + $3] }
    case .absorbed:
      let last = try memory.buffers(2)
      entries = try EntryRows(
        cached: attended.with(.cacheRead), new: attended.with(.activationRead)[1], batch: batch,
        visibility)
      rotary = entries
      let (keys, values) = (first[1].values, last[1].values)
      makers = {
        $1 < plain
          ? keys[($0 * plain + $1) * rank + $2] : values[($0 * value + $1 - plain) * rank + $2]
      }
      let entryWidth = mixer.entryWidth
      query = {
        $3 < plain
          ? first[0].values[($0 * new + $1) * heads * plain + $2 * plain + $3]
          : attended[0].values[
            ($0 * new + $1) * heads * entryWidth + $2 * entryWidth + rank + $3 - plain]
      }
    }
    func made(_ sequence: Int, _ position: Int, _ head: Int, _ row: Int) -> Double {
      (0..<rank).reduce(0) {
        $0 + makers(head, row, $1) * entries.element(sequence, position, $1)
      }
    }
    let offset = form == .absorbed ? rank : 0
    return AttentionJob<Double>(
      batch: batch, heads: heads, kvHeads: heads, headSize: width, valueHeadSize: value,
      visibility: visibility, query: query,
      key: {
        $3 < plain
          ? made($0, $1, $2, $3) : rotary.element($0, $1, offset + $3 - plain)
      },
      value: { made($0, $1, $2, plain + $3) }, write: { _, _, _, _, _ in },
      isKept: entries.isKept
    ).definition()
  }

  static let all: [any KernelCase] = [
    (1, 7, 0), (1, 3, 9), (2, 1, 11), (1, 1, 24),
  ].flatMap { batch, new, cached in
    LatentAttentionShape.Form.allCases.map { form in
      LatentAttentionCase(
        mixer: LatentAttentionShape(
          heads: 3, queryRank: nil, kvRank: 8, rotaryWidth: 2, plainWidth: 4, valueWidth: 5),
        form: form, batch: batch, new: new, cached: cached)
    }
  }
}
