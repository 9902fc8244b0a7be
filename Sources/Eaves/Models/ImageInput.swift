/// What makes tokens of an image: a vision model has it in place of embedding tables.
public struct ImageInput: Sendable, Hashable {
  /// Pixels on each side of the square image, which has three channels.
  public let side: Int
  /// The parts before the layers.
  public let stem: [AnyMixerShape]
  /// Tokens of one image where it leaves the last layer that knows of images: whatever else is asked for, a
  /// pass reads that many.
  let tokens: Int
}

/// Maps of features over a square image.
public struct FeatureMap: Sendable, Hashable, CustomStringConvertible {
  public var channels: Int
  /// Positions on each side.
  public var side: Int

  /// Channels at each of `side` × `side` positions.
  public init(channels: Int, side: Int) {
    self.channels = channels
    self.side = side
  }

  /// All positions.
  public var positions: Int { side * side }

  public var description: String { "\(channels) × \(side) × \(side)" }
}

/// A mixer over images: it names the size of what it reads.
public protocol ImageShape: MixerShape {
  /// What it reads.
  var input: FeatureMap { get }
  /// What it hands on, in a model of some width.
  func output(hidden: Int) -> FeatureMap
  /// Tokens that it hands on.
  func outputTokens(hidden: Int) -> Int
}

extension ImageShape {
  public func outputTokens(hidden: Int) -> Int { output(hidden: hidden).positions }
}

/// Two parts of a vision model that do not fit each other.
public struct ImageFault: Error, Sendable, Equatable {
  /// What is wrong, with both sizes.
  public let problem: String
  /// What to write instead.
  public let remedy: String
}

/// A layer that sorts images, and of what.
public struct Classifier: Sendable, Hashable {
  /// Which rows the classes are read off.
  public enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// The class token.
    case first
    /// The mean over all positions.
    case mean
  }

  public var classes: Int
  public var pooling: Pooling

  /// A linear layer with a bias over pooled rows.
  public init(classes: Int, pooling: Pooling) {
    self.classes = classes
    self.pooling = pooling
  }
}

extension Model {
  /// Tokens that every pass has, whatever the configuration says; `nil` where it says how many.
  public var fixedTokens: Int? { image?.tokens }

  /// Makes the model read images of three channels and `side` × `side` pixels.
  /// - Parameters:
  ///   - side: pixels on each side.
  ///   - stem: the parts before the layers.
  /// - Throws: `ImageFault` where a part does not read what the one before it hands on, or the last one hands
  ///   on rows of another width than the model's.
  public mutating func readImages(side: Int, stem: [AnyMixerShape]) throws(ImageFault) {
    var map = FeatureMap(channels: 3, side: side)
    var tokens = map.positions
    for mixer in stem + layers.flatMap({ blocks[$0]?.mixers ?? [] }) {
      guard let shape = mixer.shape as? any ImageShape else { continue }
      guard shape.input == map else {
        throw ImageFault(
          problem: "a part reads \(shape.input) where what comes before hands on \(map)",
          remedy: "channels × size × size must be those of what comes before")
      }
      map = shape.output(hidden: hiddenSize)
      tokens = shape.outputTokens(hidden: hiddenSize)
    }
    guard map.channels == hiddenSize else {
      throw ImageFault(
        problem: "the layers hand on \(map.channels) channels in a model of width \(hiddenSize)",
        remedy: "write the channels of the last part as \"hidden_size\"")
    }
    guard position != .learned || positionRows == tokens else {
      throw ImageFault(
        problem: "\(positionRows) positions for \(tokens) tokens",
        remedy: "write \(tokens) as \"position_rows\"")
    }
    image = ImageInput(side: side, stem: stem, tokens: tokens)
    maxContext = tokens
  }

  /// The first mixer over images of a model that reads none; `nil` where there is none.
  public var strayImageMixer: String? {
    guard image == nil else { return nil }
    return layers.lazy.flatMap { blocks[$0]?.mixers ?? [] }
      .first { $0.shape is any ImageShape }.map { type(of: $0.shape).technique.name }
  }
}

extension ImageInput {
  /// The emitters before the layers.
  func emitters(
    _ model: Model, _ place: MixerPlace, positions: NumberFormat
  ) -> [any Emitter] {
    var parts = stem.flatMap { $0.shape.mixer(place).parts }
    if model.position == .learned {
      parts.append(
        ImagePositions(
          rows: tokens, width: model.hiddenSize, table: CompactFormat(positions),
          activations: CompactFormat(place.formats.activations)))
    }
    return parts
  }
}

/// A learned row for each position of an image, added: one addition an element.
private struct ImagePositions: Emitter, Equatable {
  let rows: Int
  let width: Int
  let table: CompactFormat
  let activations: CompactFormat

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let all = step.batch * rows
    let elements = Double(all) * Double(width)
    buffer.append(
      .patchEmbedding, .pointwise(elements: elements), work: Work(vector: elements)
    ) { operation in
      operation.add(Operand(.activationRead, rows: all, columns: width, format: activations))
      operation.add(Operand(.weights, rows: rows, columns: width, format: table))
      operation.add(Operand(.activationWrite, rows: all, columns: width, format: activations))
    }
  }
}
