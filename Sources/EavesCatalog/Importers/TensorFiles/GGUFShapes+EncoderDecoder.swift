import Eaves

extension GGUFShapes {
  /// T5: an encoder and a decoder with relative positions, or the encoder alone.
  func encoderDecoder() throws(DataError) -> Model {
    let tensors = metadata.files.tensors
    let encoder = GGUFLayer.layers(of: tensors, stack: "enc.blk")
    let decoder = GGUFLayer.layers(of: tensors, stack: "dec.blk")
    guard !encoder.isEmpty, decoder.isEmpty == (architecture.kind == .encoder) else {
      throw metadata.error(
        "block_count",
        "there are \(encoder.count) layers of an encoder and \(decoder.count) of a "
          + "decoder", "the file holds only a part of a model")
    }
    var named = GGUFBlockNames()
    var encoderNames: [String] = []
    let reader = try GGUFBlockReader(self, layers: encoder)
    for layer in encoder { named.append(try reader.stacked(layer), prefix: "encoder-") }
    if !decoder.isEmpty {
      encoderNames = named.layers
      let reader = try GGUFBlockReader(self, layers: decoder)
      for layer in decoder { named.append(try reader.stacked(layer), prefix: "decoder-") }
    }
    var model = try ends(named)
    model.layers = Array(named.layers.dropFirst(encoderNames.count))
    model.encoderLayers = encoderNames
    return model
  }
}

extension GGUFBlockReader {
  /// A layer of either stack of T5.
  fileprivate func stacked(_ layer: GGUFLayer) throws(DataError) -> Block {
    let heads = try metadata.integer("attention.head_count", in: ModelLimits.heads)
    guard
      var attention = try attention(
        layer, heads: heads, kvHeads: heads, sharesCache: false, output: "attn_o")
    else { throw wrong(layer, "attn_q.weight", "there is no such tensor") }
    attention.hasPositionBias = true
    if let elements = layer.elements("attn_rel_b.weight") {
      attention.positionBuckets = try share(layer, "attn_rel_b.weight", elements, of: heads)
    }
    var mixers: [AnyMixerShape] = []
    if layer.has("cross_attn_q.weight"),
      let cross = try self.attention(
        layer, heads: heads, kvHeads: heads, sharesCache: false, prefix: "cross_attn",
        output: "cross_attn_o")
    {
      mixers = [AnyMixerShape(CrossAttentionShape(cross))]
    }
    return Block(
      attention: attention, mixers: mixers, feedForward: try feedForward(layer),
      norms: mixers.isEmpty ? 2 : 3)
  }
}
