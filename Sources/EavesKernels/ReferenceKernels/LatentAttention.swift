import Eaves

/// Multi-head latent attention in both forms (DeepSeek-V2, section 2.1).
///
/// c: latents [n + S, d_c], r: rotary parts of keys [n + S, d_r], which all heads share; u: weights that make keys and
/// values of a latent, for each head d_n rows of W_uk, then d_v rows of W_uv: [H·(d_n + d_v), d_c].
enum LatentAttentionKernel {
  // MARK: Expanded

  /// Keys and values of all tokens: c [b·(n + S), d_c] × uᵀ to [b·(n + S), H·(d_n + d_v)], each head's key and value
  /// beside each other, a sequence's tokens in order.
  static func expand<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ step: Step
  ) throws(KernelError) {
    let cached = buffers.with(.cacheRead)
    let new = try buffers.onlyInput()
    guard let weights = buffers.with(.weights).first else { throw .operandMismatch("no weights") }
    let output = try buffers.output()
    let length = step.cachedTokens + step.newTokens
    let entries = try EntryRows(
      cached: cached, new: new, batch: step.batch, Visibility(all: step))
    for sequence in 0..<step.batch {
      for position in 0..<length {
        for column in 0..<weights.rows {
          output[sequence * length + position, column] = Scalar.dot(weights.columns) {
            (entries.element(sequence, position, $0), weights[column, $0])
          }
        }
      }
    }
  }

  /// Attention over expanded keys and values: q [T, H·(d_n + d_r)], r, and what `expand` made, to [T, H·d_v].
  static func expandedJob<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: LatentAttentionShape, _ visibility: Visibility,
    batch: Int
  ) throws(KernelError) -> AttentionJob<Scalar> {
    let inputs = buffers.with(.activationRead)
    guard inputs.count == 3 else { throw .operandMismatch("\(inputs.count) inputs, not 3") }
    let (query, made, output) = (inputs[0], inputs[2], try buffers.output())
    let rotary = try EntryRows(
      cached: buffers.with(.cacheRead), new: inputs[1], batch: batch, visibility)
    let (plain, value) = (shape.plainWidth, shape.valueWidth)
    let width = plain + shape.rotaryWidth
    let (queries, length) = (visibility.keys.count, visibility.length)
    return AttentionJob(
      batch: batch, heads: shape.heads, kvHeads: shape.heads, headSize: width,
      valueHeadSize: value, visibility: visibility,
      query: { query[$0 * queries + $1, $2 * width + $3] },
      key: {
        $3 < plain
          ? made[$0 * length + $1, $2 * (plain + value) + $3]
          : rotary.element($0, $1, $3 - plain)
      },
      value: { made[$0 * length + $1, $2 * (plain + value) + plain + $3] },
      write: { output[$0 * queries + $1, $2 * value + $3] = $4 }, isKept: rotary.isKept)
  }

  // MARK: Absorbed

  /// Queries to the width of the latent: q_n [T, H, d_n] × W_uk [H, d_n, d_c] to [T, H, d_c].
  static func foldQueries<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: LatentAttentionShape
  ) throws(KernelError) {
    let (query, plain, rank) = (try buffers.onlyInput(), shape.plainWidth, shape.kvRank)
    let weights = try buffers.buffer(1, rows: shape.heads * plain, columns: rank)
    let output = try buffers.output()
    for row in 0..<query.rows {
      for head in 0..<shape.heads {
        for column in 0..<rank {
          output[row, head * rank + column] = Scalar.dot(plain) {
            (query[row, head * plain + $0], weights[head * plain + $0, column])
          }
        }
      }
    }
  }

  /// Attention over the latents themselves: q [T, H·(d_c + d_r)], entries [b·(n + S), d_c + d_r] whose first d_c
  /// channels are the value, to [T, H·d_c].
  static func absorbedJob<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: LatentAttentionShape, _ visibility: Visibility,
    batch: Int
  ) throws(KernelError) -> AttentionJob<Scalar> {
    let inputs = buffers.with(.activationRead)
    guard inputs.count == 2 else { throw .operandMismatch("\(inputs.count) inputs, not 2") }
    let (query, output) = (inputs[0], try buffers.output())
    let entries = try EntryRows(
      cached: buffers.with(.cacheRead), new: inputs[1], batch: batch, visibility)
    let (queries, width, rank) = (visibility.keys.count, shape.entryWidth, shape.kvRank)
    return AttentionJob(
      batch: batch, heads: shape.heads, kvHeads: 1, headSize: width, valueHeadSize: rank,
      visibility: visibility, query: { query[$0 * queries + $1, $2 * width + $3] },
      key: { sequence, position, _, channel in entries.element(sequence, position, channel) },
      value: { sequence, position, _, channel in entries.element(sequence, position, channel) },
      write: { output[$0 * queries + $1, $2 * rank + $3] = $4 }, isKept: entries.isKept,
      scaledWidth: shape.plainWidth + shape.rotaryWidth)
  }

  /// Results from the width of the latent: o [T, H, d_c] × W_uv [H, d_v, d_c] to [T, H, d_v].
  static func foldResults<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: LatentAttentionShape
  ) throws(KernelError) {
    let (latent, value, rank) = (buffers[0], shape.valueWidth, shape.kvRank)
    let weights = try buffers.buffer(1, rows: shape.heads * value, columns: rank)
    let output = try buffers.output()
    for row in 0..<latent.rows {
      for head in 0..<shape.heads {
        for column in 0..<value {
          output[row, head * value + column] = Scalar.dot(rank) {
            (latent[row, head * rank + $0], weights[head * value + column, $0])
          }
        }
      }
    }
  }
}

extension Buffers {
  /// The only activation that is read.
  /// - Throws: `KernelError` where there is none, or several.
  func onlyInput() throws(KernelError) -> Buffer<Scalar> {
    let inputs = with(.activationRead)
    guard inputs.count == 1 else { throw .operandMismatch("\(inputs.count) inputs, not 1") }
    return inputs[0]
  }
}
