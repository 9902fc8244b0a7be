/// A convolution, a small transformer over patches, and a convolution that joins both (Mehta and Rastegari
/// 2022, MobileViT, section 3.1).
///
/// The N = H·W positions of the map are unfolded into P = p² groups of N/P tokens, one token a patch in each:
/// attention reads P·(N/P)² pairs. Unfolding and folding are copies of N·d elements each way.
public struct MobileViTBlock: ImageShape {
  public static let technique = Technique(
    name: "mobilevit_block", axis: .mixer, form: "mobilevit_block",
    summary: "Convolutions around a transformer that sees one pixel of each patch at a time.",
    equation: "P·(N/P)² pairs for N positions in patches of P; unfold and fold 2·N·d elements each",
    conditions: ["unfolding and folding are copies, which count where nothing fuses them"],
    source: "Mehta and Rastegari 2022, MobileViT, section 3.1")

  public let input: FeatureMap
  /// Width of the convolutions' filters.
  public let kernel: Int
  /// Pixels on each side of a patch (p).
  public let patch: Int
  /// Width of the transformer (d), its heads, feed-forward width and layers.
  public let size: Int
  public let heads: Int
  public let feedForward: Block.FeedForward
  public let layers: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      input: try FeatureMap(reading: fields),
      kernel: try fields.optionalInteger("kernel", in: 1...1000) ?? 3,
      patch: try fields.integer("patch_size", in: 1...1000),
      size: try fields.integer("hidden_size", in: ModelLimits.heads),
      heads: try fields.integer("heads", in: ModelLimits.heads),
      feedForward: Block.FeedForward(
        size: try fields.integer("feed_forward_size", in: ModelLimits.widths), isGated: false,
        activation: try fields.optionalChoice("activation", of: Block.FeedForward.Activation.self)
          ?? .silu, hasBias: true),
      layers: try fields.integer("layers", in: 1...1000))
    guard size.isMultiple(of: heads) else {
      throw fields.error(
        at: "heads", "\(heads) heads cannot share a width of \(size) equally",
        remedy: "write a divisor of \"hidden_size\"")
    }
    guard input.side.isMultiple(of: patch) else {
      throw fields.error(
        at: "patch_size", "patches of \(patch) pixels do not fill a side of \(input.side)",
        remedy: "write a divisor of \"size\"")
    }
  }

  /// The sizes in code.
  public init(
    input: FeatureMap, kernel: Int = 3, patch: Int, size: Int, heads: Int,
    feedForward: Block.FeedForward, layers: Int
  ) {
    self.input = input
    self.kernel = kernel
    self.patch = patch
    self.size = size
    self.heads = heads
    self.feedForward = feedForward
    self.layers = layers
  }

  public func output(hidden: Int) -> FeatureMap { input }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [
      .mixerInner: kernel * kernel * input.channels, .query: size, .key: size, .value: size,
      .attentionOutput: size, .up: size, .down: feedForward.size,
    ]
  }

  public var summary: String {
    "MobileViT block over \(input): \(layers) layers of width \(size), \(heads) heads, "
      + "\(feedForward.activation.rawValue) of \(feedForward.size)"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let inner = place.with(hidden: size)
    let attention = SoftmaxAttention(
      Block.Attention(
        heads: heads, kvHeads: heads, headSize: size / heads, hasQKVBias: true,
        hasOutputBias: true), inner)
    let wide = input.convolved(to: size)
    let joined = FeatureMap(channels: 2 * input.channels, side: input.side)
    let activation = feedForward.activation
    let formats = place.formats
    let copy = Unfolding(map: wide, activations: CompactFormat(formats.activations))
    return PartsMixer(
      parts: [
        Convolution(input, to: input, kernel: kernel, activation: activation, formats),
        Convolution(input, to: wide, kernel: 1, hasNorm: false, activation: nil, formats), copy,
      ] + transformer(inner, attention) + [
        copy, Convolution(wide, to: input, kernel: 1, activation: activation, formats),
        Convolution(joined, to: input, kernel: kernel, activation: activation, formats),
      ], patternName: attention.patternName)
  }

  /// The layers over unfolded tokens, and the norm after them.
  private func transformer(_ place: MixerPlace, _ attention: SoftmaxAttention) -> [any Emitter] {
    let layer: [any Emitter] =
      [place.norm(.attentionNorm, addsResidual: true)] + attention.parts
      + [place.norm(.feedForwardNorm, addsResidual: true)]
      + DenseFeedForward(hidden: size, shape: feedForward, formats: place.formats).parts
    let parts = (0..<layers).flatMap { _ in layer }
    let groups = patch * patch
    return (parts + [place.norm(.finalNorm, addsResidual: true)]).map {
      UnfoldedPart(part: $0, tokens: input.positions / groups, groups: groups)
    }
  }
}

/// A part over the tokens of an unfolded image: each group of pixels is a sequence of its own.
private struct UnfoldedPart: Emitter {
  let part: any Emitter
  let tokens: Int
  let groups: Int

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    part.emit(.encode(tokens, batch: step.batch * groups), into: &buffer)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? UnfoldedPart else { return false }
    return tokens == other.tokens && groups == other.groups && part.isSame(as: other.part)
  }
}

/// A map rearranged into sequences, or back: a copy.
private struct Unfolding: Emitter, Equatable {
  let map: FeatureMap
  let activations: CompactFormat

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.batch * map.positions
    buffer.append(
      .unfold, .pointwise(elements: Double(rows) * Double(map.channels)), work: Work()
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: rows, columns: map.channels, format: activations))
      operation.add(
        Operand(.activationWrite, rows: rows, columns: map.channels, format: activations))
    }
  }
}
