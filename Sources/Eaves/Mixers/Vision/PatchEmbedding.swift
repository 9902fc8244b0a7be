/// An image cut into square patches, each projected to a token.
///
/// Dosovitskiy et al. 2021, ViT, section 3.1.
///
/// A convolution whose filter is as wide as its stride: patches of 3·p² values become tokens of the model's
/// width. Class tokens are learned rows put in front.
public struct PatchEmbedding: ImageShape {
  public static let technique = Technique(
    name: "patch_embedding", axis: .mixer, form: "patch_embedding",
    summary: "Patches of p × p pixels are projected to tokens; class tokens are put in front.",
    equation: "(side / p)² tokens, 2·C·p²·d FLOPs each",
    conditions: ["the side of the image is a multiple of that of a patch"],
    source: "Dosovitskiy et al. 2021, ViT, section 3.1")

  public let input: FeatureMap
  /// Pixels on each side of a patch (p).
  public let patch: Int
  public let classTokens: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      input: try FeatureMap(reading: fields),
      patch: try fields.integer("patch_size", in: 1...1000),
      classTokens: try fields.optionalInteger("class_tokens", in: 0...1000) ?? 0)
    guard input.side.isMultiple(of: patch) else {
      throw fields.error(
        at: "patch_size", "patches of \(patch) pixels do not fill a side of \(input.side)",
        remedy: "write a divisor of \"size\"")
    }
  }

  /// The sizes in code.
  public init(input: FeatureMap, patch: Int, classTokens: Int) {
    self.input = input
    self.patch = patch
    self.classTokens = classTokens
  }

  public func output(hidden: Int) -> FeatureMap {
    FeatureMap(channels: hidden, side: input.side / patch)
  }

  public func outputTokens(hidden: Int) -> Int { output(hidden: hidden).positions + classTokens }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] { [.mixerInput: inputWidth] }

  /// Values of a patch.
  private var inputWidth: Int { input.channels * patch * patch }

  public var summary: String {
    "patches of \(patch) × \(patch) pixels, \(classTokens) class tokens"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    return PartsMixer(
      parts: [
        PatchProjection(
          input: input, patches: output(hidden: place.hidden).positions, inputWidth: inputWidth,
          width: place.hidden, classTokens: classTokens, weights: formats.compact(.mixerInput),
          bias: formats.compact(.bias), activations: CompactFormat(formats.activations),
          precision: formats.precision(with: .mixerInput))
      ], patternName: nil)
  }
}

/// [b·patches, C·p²] × [C·p², d], a bias, and the class tokens.
private struct PatchProjection: Emitter, Equatable {
  let input: FeatureMap
  let patches: Int
  let inputWidth: Int
  let width: Int
  let classTokens: Int
  let weights: CompactFormat
  let bias: CompactFormat
  let activations: CompactFormat
  let precision: MultiplyPrecision

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.batch * patches)
    buffer.append(
      .patchEmbedding, .matmul(m: rows, n: width, k: inputWidth, count: 1),
      work: .product(m: rows, n: Double(width), k: Double(inputWidth), precision: precision)
    ) { operation in
      operation.add(
        Operand(
          .stepInput, rows: step.batch * input.positions, columns: input.channels,
          format: activations))
      operation.add(Operand(.weights, rows: width, columns: inputWidth, format: weights))
      operation.add(Operand(.weights, rows: 1 + classTokens, columns: width, format: bias))
      operation.add(
        Operand(
          .activationWrite, rows: step.batch * (patches + classTokens), columns: width,
          format: activations))
    }
  }
}
