import Eaves
import Testing

/// Bytes kept against the tensors of a layer, one by one (Korthikanti et al., section 4.1).
@Suite struct ActivationCheckpointingTests {
  private let layer = ActivationCheckpointing(tokens: 2048, batch: 3, hidden: 12288, heads: 96)

  /// Each tensor that the backward pass reads: bytes an element, 2 for 16 bits and 1 for a mask.
  private var tensors: (rows: [Double], scores: [Double]) {
    let attention = [
      2.0,  // the input that queries, keys and values share
      4,  // queries and keys
      2,  // values
      2,  // the input of the output projection
      1,  // its mask of dropout
    ]
    let feedForward = [2.0, 8, 8, 1]  // input, before and after GELU four times as wide, mask
    let norms = [2.0, 2]
    // The output of the softmax, the mask and the output of dropout.
    return (attention + feedForward + norms, [2, 1, 2])
  }

  @Test func keepingAllIsTheSumOfTheTensors() {
    let (s, b, h, a) = (layer.tokens, layer.batch, layer.hidden, layer.heads)
    let rows = tensors.rows.reduce(0, +) * s * b * h
    let scores = tensors.scores.reduce(0, +) * a * s * s * b
    #expect(layer.bytes() == rows + scores)
    #expect(layer.bytes(.selective) == rows)
    #expect(layer.bytes(.full) == 2 * s * b * h)
  }

  @Test func devicesShareWhatTensorParallelismSplits() {
    let (s, b, h, a) = (layer.tokens, layer.batch, layer.hidden, layer.heads)
    // Norms, inputs and masks outside the products, 10sbh, are kept by every device.
    let split = layer.bytes() - 10 * s * b * h
    #expect(abs(layer.bytes(tensorParallel: 8) - (10 * s * b * h + split / 8)) < 1)
    #expect(layer.bytes(.none, tensorParallel: 8) == s * b * h * (10 + 3 + 5 * a * s / (h * 8)))
  }
}
