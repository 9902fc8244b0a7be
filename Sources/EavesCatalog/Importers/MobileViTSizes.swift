import Eaves

/// The stages of a MobileViT from the sizes in its configuration (`modeling_mobilevit.py` of transformers).
struct MobileViTSizes {
  let side: Int
  /// Channels after the stem, the five stages and the last convolution.
  let necks: [Int]
  /// Widths of the three transformers.
  let widths: [Int]
  let expansion: Double
  let feedForward: Double
  let kernel: Int
  let patch: Int
  let heads: Int
  let activation: Block.FeedForward.Activation

  /// Layers of the three transformers.
  private static let layers = [2, 4, 3]

  /// Whether every map is cut into whole patches, and every width shared equally by the heads.
  var fit: Bool {
    side.isMultiple(of: 32 * patch) && widths.allSatisfy { $0.isMultiple(of: heads) }
  }

  /// The convolution over the image.
  var stem: any MixerShape {
    Convolution2D(
      input: FeatureMap(channels: 3, side: side), outputChannels: necks[0], kernel: 3, stride: 2,
      activation: activation)
  }

  /// The blocks in order; the two that keep the size of the second stage have one name.
  var stages: [(name: String, block: Block)] {
    var stages: [(name: String, block: Block)] = [
      ("narrow", block([residual(0, 1, side / 2)])),
      ("halve", block([residual(1, 2, side / 2, stride: 2)])),
      ("keep", block([residual(2, 2, side / 4)])),
      ("keep", block([residual(2, 2, side / 4)])),
    ]
    for stage in 0..<3 {
      let before = side / (4 << stage)
      let transformer = MobileViTBlock(
        input: FeatureMap(channels: necks[3 + stage], side: before / 2), kernel: kernel,
        patch: patch, size: widths[stage], heads: heads,
        feedForward: Block.FeedForward(
          size: max(1, Int(Double(widths[stage]) * feedForward)), isGated: false,
          activation: activation, hasBias: true),
        layers: Self.layers[stage])
      stages.append(
        (
          "stage\(stage + 3)",
          block([residual(2 + stage, 3 + stage, before, stride: 2), transformer])
        ))
    }
    let widen = Convolution2D(
      input: FeatureMap(channels: necks[5], side: side / 32), outputChannels: necks[6], kernel: 1,
      activation: activation)
    return stages + [("widen", block([widen]))]
  }

  private func block(_ mixers: [any MixerShape]) -> Block {
    Block(attention: nil, mixers: mixers.map { AnyMixerShape($0) }, feedForward: nil, norms: 0)
  }

  private func residual(
    _ from: Int, _ to: Int, _ side: Int, stride: Int = 1
  ) -> InvertedResidual {
    InvertedResidual(
      input: FeatureMap(channels: necks[from], side: side), outputChannels: necks[to],
      stride: stride, expandedChannels: Self.wholeEights(Double(necks[from]) * expansion),
      activation: activation)
  }

  /// The nearest multiple of eight that is not 10 % smaller (`make_divisible`).
  static func wholeEights(_ channels: Double) -> Int {
    let value = channels.rounded(.toNearestOrEven)
    let eights = max(8, Int(value + 4) / 8 * 8)
    return Double(eights) < 0.9 * value ? eights + 8 : eights
  }
}
