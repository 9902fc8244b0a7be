/// The mixers that a model file can name as the `"kind"` of a block's mixer, beside softmax attention.
///
/// A test fails if a file of this folder with a shape is missing here.
public enum MixerList {
  /// One line a mixer.
  static let entries: [any MixerShape.Type] = [
    LatentAttentionShape.self,
    CrossAttentionShape.self,
    Adapter.self,
    Mamba.self,
    Mamba2.self,
    LinearAttention.self,
    Performer.self,
    Retention.self,
    Linformer.self,
    Synthesizer.self,
    RWKV4.self,
    RWKV6.self,
    RWKV7.self,
    RWKVChannelMix.self,
    RGLRU.self,
    GatedDeltaNet.self,
    KimiDelta.self,
    MLSTM.self,
    LSTM.self,
    GRU.self,
    ShortConvolution.self,
    BottleneckLayer.self,
    Convolution2D.self,
    InvertedResidual.self,
    MobileViTBlock.self,
    PatchEmbedding.self,
    LaurelShape.self,
    AltUpShape.self,
    PerLayerInputShape.self,
    SharedCacheShape.self,
  ]

  /// The words, for messages.
  public static let names = entries.map { $0.technique.name }

  /// What each is.
  public static let techniques = entries.map { $0.technique }

  /// Reads the shape of a kind; `nil` where there is no such kind.
  public static func read<Fields: FieldReader>(
    _ kind: String, from fields: Fields
  ) throws(Fields.Failure) -> AnyMixerShape? {
    for entry in entries where entry.technique.name == kind {
      return AnyMixerShape(try entry.init(reading: fields))
    }
    return nil
  }
}
