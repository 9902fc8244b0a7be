/// The embedding tables of a model and what takes their rows to its width.
///
/// One table of the model's width (BERT); one of another width, and a projection after positions, segments
/// and norm (ALBERT); one whose rows are concatenated with their neighbours' and projected, and then positions,
/// segments and norm (MobileBERT).
struct EmbeddingParts {
  let model: Model
  let activations: NumberFormat
  let precision: PrecisionRule
  /// The format of a tensor of a role, by its row length.
  let format: (TensorRole, Int) -> NumberFormat
  /// The norm of rows of some width.
  let norm: (Int) -> NormEmitter

  /// The emitters, first one first.
  func emitters(isOwnedByHead: Bool) -> [any Emitter] {
    let width = model.embeddingSize ?? model.hiddenSize
    let isEarly = model.embeddingSpan == 1
    var parts: [any Emitter] = [
      EmbeddingEmitter(
        width: width, vocabulary: model.vocabulary, isOwnedByHead: isOwnedByHead,
        positionRows: isEarly ? model.positionRows : 0, tokenTypes: isEarly ? model.tokenTypes : 0,
        table: CompactFormat(format(.embedding, width)),
        positions: CompactFormat(format(.positionEmbedding, width)),
        activations: CompactFormat(activations))
    ]
    if isEarly, model.hasEmbeddingNorm { parts.append(norm(width)) }
    if model.embeddingSize != nil { parts.append(projection(width)) }
    if !isEarly {
      parts.append(
        PositionEmitter(
          width: model.hiddenSize, positionRows: model.positionRows,
          tokenTypes: model.tokenTypes,
          table: CompactFormat(format(.positionEmbedding, model.hiddenSize)),
          activations: CompactFormat(activations)))
      if model.hasEmbeddingNorm { parts.append(norm(model.hiddenSize)) }
    }
    return parts
  }

  /// [T, span·E] × [span·E, d] and a bias.
  private func projection(_ width: Int) -> any Emitter {
    let input = model.embeddingSpan * width
    let weights = format(.mixerInput, input)
    return PlainProjection(
      id: .embeddingProjection, input: input, output: model.hiddenSize,
      weights: CompactFormat(weights), bias: CompactFormat(format(.bias, model.hiddenSize)),
      activations: CompactFormat(activations),
      precision: precision.precision(weights: weights, activations: activations))
  }
}

/// A product of rows with a matrix, with or without a bias: [T, k] × [k, n].
struct PlainProjection: Emitter, Equatable {
  let id: Operation.ID
  let input: Int
  let output: Int
  let weights: CompactFormat
  /// `nil` where there is none.
  let bias: CompactFormat?
  let activations: CompactFormat
  let precision: MultiplyPrecision

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows)
    buffer.append(
      id, .matmul(m: rows, n: output, k: input, count: 1),
      work: .product(m: rows, n: Double(output), k: Double(input), precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: input, format: activations))
      operation.add(Operand(.weights, rows: output, columns: input, format: weights))
      if let bias { operation.add(Operand(.weights, rows: 1, columns: output, format: bias)) }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: output, format: activations))
    }
  }
}

extension PlainProjection {
  /// A product with a tensor of a layer, with a bias.
  init(
    _ id: Operation.ID, _ role: TensorRole, from input: Int, to output: Int, _ formats: LayerFormats
  ) {
    self.init(
      id: id, input: input, output: output, weights: formats.compact(role),
      bias: formats.compact(.bias), activations: CompactFormat(formats.activations),
      precision: formats.precision(with: role))
  }
}
