import Quantities

/// A share of the neurons of the feed-forward parts is zero for a token, and their rows are not read.
///
/// Which they are differs from token to token: a pass reads the rows that any of its tokens needs. What is kept in
/// memory stays.
struct ActivationSparsity: Sparsity {
  /// What says which neurons are zero.
  enum Choice: Equatable {
    /// Known beforehand; what says so is not counted.
    case known
    /// The gate, or the only matrix in where there is no gate, which is computed whole: exact.
    case gate
    /// Two matrices of a rank beside the part.
    case predictor(rank: Int)
  }

  /// The share of the neurons that is zero (s).
  let share: Double
  let choice: Choice

  static let technique = Technique(
    name: "activations", axis: .sparsity, form: "activations:SHARE[:gate|:predictor=RANK]",
    summary:
      "A share of the feed-forward neurons is zero for each token, and only the rows of the others are read.",
    equation:
      "rows read by T tokens = 1 − s^T; useful FLOPs = 1 − s; predictor = r·(d + F) weights more",
    conditions: [
      "zeros come of ReLU-like activations: others only approximately",
      "kernels gather rows, and tokens of a batch share few of them: a gain of small batches in decode",
      "everything stays in memory",
    ],
    source:
      "Liu et al., Deja Vu: Contextual Sparsity for Efficient LLMs at Inference Time, section 3; docs/method.md 2"
  )

  var name: String {
    switch choice {
    case .known: "activations:\(share)"
    case .gate: "activations:\(share):gate"
    case .predictor(let rank): "activations:\(share):predictor=\(rank)"
    }
  }

  var changesProducts: Bool { true }

  /// The share of the rows that at least one of so many tokens needs, each choosing for itself.
  func touched(tokens: Double) -> Double { 1 - power(share, tokens) }

  func refusal(_ model: Model) -> Refusal? {
    guard model.blocks.values.contains(where: { $0.feedForward != nil }) else {
      return Refusal(
        "\(model.id) has no feed-forward part whose neurons could be zero",
        remedy: "take layers:SHARE or 2:4")
    }
    return nil
  }

  func change(_ product: inout Operation, _ rates: SparseRates) {
    guard case .matmul(let m, _, _, _) = product.kind,
      product.id == .gateUp || product.id == .down
    else { return }
    let read = touched(tokens: m)
    // A gated part has two matrices in; the gate comes first.
    var whole = 0.0
    if choice == .gate, product.id == .gateUp {
      whole = 1 / Double(product.matrixCount)
    }
    let needed = whole + (1 - whole) * (1 - share)
    let executed = whole + (1 - whole) * read
    product.work.executedMatrix =
      product.work.executedMatrix * (rates.isOnPaper ? needed : executed)
    product.work.matrix = product.work.matrix * needed
    var isFirst = whole > 0
    product.mapMatrices { operand in
      defer { isFirst = false }
      return isFirst ? operand : operand.reading(read)
    }
  }

  func extraParts(of block: Block, _ model: Model, _ formats: LayerFormats) -> [any Emitter] {
    guard case .predictor(let rank) = choice, let part = block.feedForward else { return [] }
    let copies = max(1, part.experts)
    let width = part.size * copies + part.sharedSize
    return [
      RowProduct(.neuronPredictor, from: model.hiddenSize, to: rank, .up, formats),
      RowProduct(.neuronPredictor, from: rank, to: width, .up, formats),
    ]
  }

  func loss(_ model: Model, _ choices: ModelChoices) -> String? {
    "the tokens of a pass need different rows"
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    func percent(_ tokens: Double) -> String {
      "\(significant(100 * touched(tokens: tokens), digits: 3)) %"
    }
    var notes = [
      "1 token reads \(percent(1)) of the feed-forward rows, 8 tokens \(percent(8)), "
        + "64 tokens \(percent(64)), with kernels that gather rows"
    ]
    if choice == .known { notes.append("what predicts the zeros is not counted") }
    let smooth = dense.blocks.values.compactMap(\.feedForward?.activation)
      .first { $0 == .silu || $0 == .gelu }
    if let smooth {
      notes.append("\(smooth.rawValue) is hardly ever zero: small values are taken for zeros")
    }
    return notes
  }

  var isLossless: Bool { false }
}

extension Operation {
  /// Matrices among its weights.
  fileprivate var matrixCount: Int {
    (0..<operandCount).filter { operands[$0].role == .weights && operands[$0].rows > 1 }.count
  }
}

extension SparsityEntry {
  /// Rows of neurons that are zero are not read.
  static let activations = SparsityEntry(ActivationSparsity.technique) { text in
    guard let share = text.share() else { return nil }
    if let rank = text.text("predictor") {
      return TokenCount.parse(rank).map {
        ActivationSparsity(share: share, choice: .predictor(rank: $0))
      }
    }
    guard let word = text.text() else { return ActivationSparsity(share: share, choice: .known) }
    return word == "gate" ? ActivationSparsity(share: share, choice: .gate) : nil
  }
}
