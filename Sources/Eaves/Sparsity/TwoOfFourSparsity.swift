import Quantities

/// Two of each four neighbouring weights are zero: what the matrix units of some chips skip.
///
/// Stored as the two values and two bits of index each.
struct TwoOfFourSparsity: Sparsity {
  static let technique = Technique(
    name: "2-4", axis: .sparsity, form: "2:4",
    summary:
      "Two of each four neighbouring weights are zero, and stored as two values with two bits of index each.",
    equation:
      "bits a weight = (w + 2)/2: 9 of 16, 5 of 8, 3 of 4; FLOPs at up to twice the dense rate",
    conditions: [
      "the chip lists a 2:4 rate for the precision of the products, else only bytes are saved",
      "rows fill the instruction: multiples of 16 in 16 bits, of 32 in 8 bits, else products go at the dense rate",
      "decode gains what bytes it saves, prefill up to twice",
    ],
    source:
      "Mishra et al., Accelerating Sparse Deep Neural Networks, sections 2 and 3; docs/method.md 2"
  )

  var name: String { Self.technique.form }
  var changesProducts: Bool { true }

  func storedBits(_ bits: Double) -> Double { (bits + 2) / 2 }

  /// Elements along a row that one instruction takes in a precision: 256 bits of them.
  static func instructionDepth(_ precision: MultiplyPrecision) -> Int {
    switch precision {
    case .f64, .f32, .i32, .tf32: 8
    case .bf16, .f16, .i16: 16
    case .f8, .f6, .i8: 32
    case .f4, .i4, .b1: 64
    }
  }

  func change(_ product: inout Operation, _ rates: SparseRates) {
    guard let depth = product.depth, depth.isMultiple(of: 4) else { return }
    let precision = product.work.precision
    let isFilled = depth.isMultiple(of: Self.instructionDepth(precision))
    let speedup = isFilled ? rates.twoOfFour[precision] : nil
    product.needOnly(0.5, isExecuted: !rates.isOnPaper)
    if !rates.isOnPaper, let speedup {
      product.work.executedMatrix = product.work.matrix * (2 / speedup)
    }
    // Units that skip zeros take the values as they are stored; others are given whole rows.
    let isExpanded = speedup == nil
    product.mapMatrices { $0.twoOfFour(isExpanded: isExpanded) }
  }

  func loss(_ model: Model, _ choices: ModelChoices) -> String? {
    let precision = choices.precision.precision(
      weights: choices.formatOfLayers(of: model), activations: choices.activations)
    return choices.rates.twoOfFour[precision] == nil
      ? "the chip lists no 2:4 rate for \(precision.rawValue)" : nil
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    var notes: [String] = []
    if let loss = loss(dense, choices) {
      notes.append("\(loss): bytes are saved, products go at the dense rate")
    }
    let bits = choices.bitsOfLayers(of: dense)
    if storedBits(bits) > bits {
      notes.append(
        "2:4 takes \(significant(storedBits(bits) / bits)) times the bytes of dense weights")
    }
    let precision = choices.precision.precision(
      weights: choices.formatOfLayers(of: dense), activations: choices.activations)
    let depth = Self.instructionDepth(precision)
    if let odd = dense.rowLengths.first(where: { !$0.isMultiple(of: 4) }) {
      notes.append("rows of \(odd) are no whole groups of four: they stay dense")
    } else if let odd = dense.rowLengths.first(where: { !$0.isMultiple(of: depth) }) {
      notes.append(
        "rows of \(odd) are no multiple of \(depth): their products go at the dense rate")
    }
    return notes
  }
}

extension SparsityEntry {
  /// Two of four.
  static let twoOfFour = SparsityEntry(TwoOfFourSparsity.technique) { text in
    text.text() == "4" ? TwoOfFourSparsity() : nil
  }
}
