import Quantities

/// How many of `count` a share removes: the nearest whole number.
func removed(of count: Int, _ share: Double) -> Int {
  Int((share * Double(count)).rounded())
}

extension Double {
  /// Why this share of `count` things cannot go: none of them would, or none would be left.
  func refusal(removing things: String, of count: Int) -> Refusal? {
    let gone = removed(of: count, self)
    if gone == 0 {
      return Refusal(
        "\(self) of \(count) \(things) is none",
        remedy: "write a share of at least \(significant(0.5 / Double(count)))")
    }
    if gone >= count {
      return Refusal(
        "\(self) of \(count) \(things) leaves none", remedy: "write a smaller share")
    }
    return nil
  }
}

extension Model {
  /// The lengths of rows of the matrices of the layers, sorted.
  var rowLengths: [Int] {
    let own = blocks.values.flatMap { block in
      [block.feedForward?.size, block.attention?.outputWidth].compactMap(\.self)
    }
    return Set([hiddenSize] + own).sorted()
  }
}

extension ModelChoices {
  /// The format of a matrix in the middle of the layers.
  func formatOfLayers(of model: Model) -> NumberFormat {
    let layers = max(1, model.layers.count)
    return weights.format(
      of: TensorPlace(role: .up, layer: layers / 2, layers: layers, rowLength: model.hiddenSize))
  }

  /// Stored bits of a weight of the layers, where it is stored dense.
  func bitsOfLayers(of model: Model) -> Double { formatOfLayers(of: model).bitsPerElement }

  /// Why the model cannot be changed as asked for; `nil` where it can.
  public func refusal(of model: Model) -> OptionError? {
    if let refusal = model.refusal {
      return OptionError(.model, problem: refusal.problem, remedy: refusal.remedy)
    }
    if let refusal = attention?.refusal(model) {
      return OptionError(.attention, problem: refusal.problem, remedy: refusal.remedy)
    }
    if let refusal = sparsity.refusal(attention?.applied(to: model) ?? model) {
      return OptionError(.sparsity, problem: refusal.problem, remedy: refusal.remedy)
    }
    return nil
  }

  /// The shapes that are asked for: heads shared, and pruned.
  func shapes(of model: Model) -> Model {
    sparsity.applied(to: attention?.applied(to: model) ?? model)
  }
}
