/// A convolution over images, with the normalisation that is folded into it and its nonlinearity.
///
/// A filter of k × k over C channels makes C′: 2·k²·C·C′ FLOPs at each of H′·W′ positions, on a matrix engine.
/// Depthwise, each channel by itself, 2·k²·C lane operations: there is no inner dimension that a matrix engine
/// could use. Bytes are those of the operands, each once. A batch normalisation is two vectors of C′ that are
/// folded into the filter and cost no work; its running statistics are no parameters. Howard et al. 2017,
/// MobileNets, section 3.1 (docs/method.md 1).
struct Convolution: Emitter, Equatable {
  /// What is read and made, a sequence.
  let input: FeatureMap
  let output: FeatureMap
  /// Width of the filter (k).
  let kernel: Int
  /// Whether each channel is filtered by itself.
  let isDepthwise: Bool
  /// Whether a batch normalisation follows, and whether the filter has a bias of its own.
  let hasNorm: Bool
  let hasBias: Bool
  let activation: Block.FeedForward.Activation?
  /// Whether another map of the output's size is added.
  let addsResidual: Bool
  /// Whether it reads the image itself.
  let readsImage: Bool
  private let filter: CompactFormat
  private let norm: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(
    _ input: FeatureMap, to output: FeatureMap, kernel: Int, isDepthwise: Bool = false,
    hasNorm: Bool = true, hasBias: Bool = false, activation: Block.FeedForward.Activation?,
    addsResidual: Bool = false, readsImage: Bool = false, _ formats: LayerFormats
  ) {
    self.input = input
    self.output = output
    self.kernel = kernel
    self.isDepthwise = isDepthwise
    self.hasNorm = hasNorm
    self.hasBias = hasBias
    self.activation = activation
    self.addsResidual = addsResidual
    self.readsImage = readsImage
    let role = isDepthwise ? TensorRole.mixerVector : .mixerInner
    filter = formats.compact(role)
    norm = formats.compact(.norm)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: role)
  }

  /// Multiply-adds at one position.
  private var multiplyAdds: Int {
    kernel * kernel * (isDepthwise ? 1 : input.channels) * output.channels
  }

  private func work(_ positions: Double) -> Work {
    let elements = positions * Double(output.channels)
    let cost = activation?.cost(gated: false) ?? (vector: 0, special: 0)
    let vector = elements * (cost.vector + (addsResidual ? 1 : 0))
    let products = positions * Double(multiplyAdds)
    if isDepthwise {
      return Work(vector: 2 * products + vector, special: elements * cost.special)
    }
    return Work(
      multiplyAdds: products, precision: precision, vector: vector, special: elements * cost.special
    )
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.batch * output.positions
    let kind: Operation.Kind =
      kernel == 1 && !isDepthwise
      ? .matmul(m: Double(rows), n: output.channels, k: input.channels, count: 1)
      : .convolution(positions: Double(rows), width: Double(multiplyAdds))
    buffer.append(.convolution, kind, work: work(Double(rows))) { operation in
      operation.add(
        Operand(
          readsImage ? .stepInput : .activationRead, rows: step.batch * input.positions,
          columns: input.channels, format: activations))
      operation.add(
        Operand(
          .weights, rows: output.channels, columns: multiplyAdds / output.channels, format: filter))
      if hasNorm {
        operation.add(Operand(.weights, rows: 2, columns: output.channels, format: norm))
      }
      if hasBias {
        operation.add(Operand(.weights, rows: 1, columns: output.channels, format: bias))
      }
      if addsResidual {
        operation.add(
          Operand(.activationRead, rows: rows, columns: output.channels, format: activations))
      }
      operation.add(
        Operand(.activationWrite, rows: rows, columns: output.channels, format: activations))
    }
  }
}

/// A mixer that is a list of parts without a cache or a state.
struct PartsMixer: TokenMixer {
  let parts: [any Emitter]
  var patternName: String?

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}

extension FeatureMap {
  /// The map of other channels, at positions `stride` apart.
  func convolved(to channels: Int, stride: Int = 1) -> FeatureMap {
    FeatureMap(channels: channels, side: (side + stride - 1) / stride)
  }

  /// Reads `channels` and `size`.
  init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      channels: try fields.integer("channels", in: ModelLimits.heads),
      side: try fields.integer("size", in: FeatureMap.sides))
  }

  /// Sides that are read.
  public static let sides = 1...32_768
}
