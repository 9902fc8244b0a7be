/// What mixes tokens in a block, as a model file states it: sizes only.
///
/// A mixer is one file of this folder and one line in `MixerList`: its shape reads its own fields, says
/// which tensors it has, and makes the part that emits.
public protocol MixerShape: Sendable, Hashable {
  /// What it is; its name is the word that model files write as `"kind"`.
  static var technique: Technique { get }

  /// Reads the fields of the shape.
  init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure)

  /// The length of a row (the input dimension) of each tensor that weight schemes may treat apart.
  func rowLengths(hidden: Int) -> [TensorRole: Int]

  /// Its tensors in ggml files, for roles whose tensors do not all fare alike there.
  func fileTensors(hidden: Int) -> [FileTensor]

  /// The part that emits, for the formats and policies of one layer.
  func mixer(_ place: MixerPlace) -> any TokenMixer

  /// The part of one of several devices that share heads or channels; `nil` where it cannot be cut so.
  func divided(by devices: Int) -> Self?

  /// The same with keys and values that heads share as asked for; itself where it has none of its own.
  func shared(_ sharing: HeadSharing) -> Self

  /// Its name in the `attention` column: "mamba2".
  var label: String { get }

  /// Its sizes in a few words, for `eaves models show`.
  var summary: String { get }

  /// Why it does not fit a model of some width, and what to do instead; `nil` where it does.
  func misfit(hidden: Int) -> (problem: String, remedy: String)?

  /// Why it cannot compute a step, and what to do instead; `nil` where it can.
  /// - Parameters:
  ///   - step: the pass that is asked for.
  ///   - causal: whether the model sees only what is before a token.
  /// - Returns: the problem and the remedy.
  func refusal(_ step: Step, causal: Bool) -> (problem: String, remedy: String)?
}

extension MixerShape {
  public var label: String { Self.technique.name }

  /// In most mixers a role is one tensor, or several of the same rows.
  public func fileTensors(hidden: Int) -> [FileTensor] { [] }

  public func divided(by devices: Int) -> Self? { nil }

  public func shared(_ sharing: HeadSharing) -> Self { self }

  /// The part of one device, as a shape of any kind.
  fileprivate func anyPart(of devices: Int) -> AnyMixerShape? {
    divided(by: devices).map { AnyMixerShape($0) }
  }

  /// The same with other head sharing, as a shape of any kind.
  fileprivate func anyShared(_ sharing: HeadSharing) -> AnyMixerShape {
    AnyMixerShape(shared(sharing))
  }

  /// Most mixers fit a model of any width.
  public func misfit(hidden: Int) -> (problem: String, remedy: String)? { nil }

  /// Most mixers have a state or a sum for any number of tokens.
  public func refusal(_ step: Step, causal: Bool) -> (problem: String, remedy: String)? { nil }

  /// Whether another shape is the same.
  fileprivate func isSame(as other: any MixerShape) -> Bool { other as? Self == self }
}

/// A shape of any kind, compared by its sizes.
public struct AnyMixerShape: Sendable, Hashable {
  public let shape: any MixerShape

  /// Wraps a shape.
  public init(_ shape: any MixerShape) { self.shape = shape }

  /// The part of one of several devices; `nil` where it cannot be cut.
  func divided(by devices: Int) -> AnyMixerShape? { shape.anyPart(of: devices) }

  /// The same with keys and values shared as asked for.
  func shared(_ sharing: HeadSharing) -> AnyMixerShape { shape.anyShared(sharing) }

  public static func == (left: AnyMixerShape, right: AnyMixerShape) -> Bool {
    left.shape.isSame(as: right.shape)
  }

  public func hash(into hasher: inout Hasher) { shape.hash(into: &hasher) }
}

/// Where a mixer stands: what its shape does not say.
public struct MixerPlace: Sendable {
  /// Width of the model (d).
  public let hidden: Int
  /// What the model is; decoders keep a cache.
  public let kind: Model.Kind
  /// How rows are normalised in this model.
  public let norm: Model.Norm
  /// Whether queries and keys are rotated.
  public let rotatesQueries: Bool
  /// Which layer it is, from 0, and how many there are.
  public let layer: Int
  public let layers: Int
  public let formats: LayerFormats
  public let choices: ModelChoices
}

extension MixerPlace {
  /// The same place for a part whose rows have another width.
  func with(hidden: Int) -> MixerPlace {
    MixerPlace(
      hidden: hidden, kind: kind, norm: norm, rotatesQueries: rotatesQueries, layer: layer,
      layers: layers, formats: formats, choices: choices)
  }

  /// A norm of rows of the width here, in a mixer that has norms of its own.
  func norm(_ id: Operation.ID, count: Int = 1, addsResidual: Bool) -> NormEmitter {
    NormEmitter(
      id: id, width: hidden, count: count, norm: norm, hasBias: norm != .rmsnorm,
      addsResidual: addsResidual, extraWidths: [], weights: formats.compact(.norm),
      activations: CompactFormat(formats.activations))
  }

  /// Whether keys and values of one pass are kept for later ones.
  var keepsCache: Bool { kind.keepsCache || choices.keepsApproximateCache }
}
