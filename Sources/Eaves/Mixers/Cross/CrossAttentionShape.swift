/// Attention of a decoder to the source that an encoder has read.
///
/// Keys and values of the source are made once, when the encoder has run, and read in every step
/// (Vaswani et al., Attention Is All You Need, section 3.2.3).
public struct CrossAttentionShape: MixerShape {
  /// Heads, their width and their biases.
  public var attention: Block.Attention

  public static let technique = Technique(
    name: "cross_attention", axis: .mixer, form: "cross_attention",
    summary: "A decoder reads the keys and values of a source, which are made once.",
    equation: "P = S·source; bytes = source·2·G·d_h·k_b a layer, read in every step",
    conditions: ["the source is read before the first token, and its keys and values stay"],
    source: "Vaswani et al., Attention Is All You Need, section 3.2.3; docs/method.md 1")

  /// Attention to a source with the heads and biases of `attention`; its pattern counts for nothing.
  public init(_ attention: Block.Attention) { self.attention = attention.withoutPattern }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    let heads = try fields.integer("heads", in: ModelLimits.heads)
    attention = Block.Attention(
      heads: heads, kvHeads: try fields.integer("kv_heads", in: ModelLimits.heads),
      headSize: try fields.integer("head_size", in: ModelLimits.heads),
      hasQKVBias: try fields.boolean("qkv_bias", default: false),
      hasOutputBias: try fields.boolean("output_bias", default: false))
    attention.hasKeyBias = try fields.boolean("key_bias", default: true)
    guard heads.isMultiple(of: attention.kvHeads) else {
      throw fields.error(
        at: "kv_heads", "\(attention.kvHeads) heads cannot be shared equally by \(heads)",
        remedy: "write a divisor of \"heads\"")
    }
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.query: hidden, .key: hidden, .value: hidden, .attentionOutput: attention.outputWidth]
  }

  /// Heads are shared; more devices than KV heads repeat them, as in self-attention.
  public func divided(by devices: Int) -> CrossAttentionShape? {
    let (heads, groups) = (attention.heads, attention.kvHeads)
    guard heads.isMultiple(of: devices),
      groups.isMultiple(of: devices) || devices.isMultiple(of: groups)
    else { return nil }
    var part = self
    part.attention.heads = heads / devices
    part.attention.kvHeads = max(1, groups / devices)
    return part
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { CrossAttention(attention, place) }

  /// Groups that do not divide the heads leave it as it is: the model is then refused for its other layers.
  public func shared(_ sharing: HeadSharing) -> CrossAttentionShape {
    var shared = self
    switch sharing {
    case .multiHead: shared.attention.kvHeads = attention.heads
    case .grouped(let groups) where attention.heads.isMultiple(of: groups):
      shared.attention.kvHeads = groups
    case .grouped, .crossLayer, .latent: break
    }
    return shared
  }

  public var label: String { "cross" }

  public var summary: String { "\(attention.heads) heads to the source" }
}
