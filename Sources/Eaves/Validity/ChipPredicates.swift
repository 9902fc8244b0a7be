import Quantities

extension Predicate {
  static let fits = Predicate(
    "fits", "Weights, caches, states and workspace fit the memory, before any time is given."
  ) { combination in
    guard let capacity = combination.machine.mainLevel.usableCapacity,
      combination.weightBytes > capacity, combination.machine.flashCapacity == nil
    else { return nil }
    return .note(
      "the weights alone need \(combination.weightBytes.displayBinary) of \(capacity.displayBinary)"
    )
  }

  static let nativeMath = Predicate(
    "native_math", "The chip lists a matrix rate for the precision in which products are formed."
  ) { combination in
    let activations = combination.choices.activations
    let precision = activations.multiply
    let weights = combination.choices.formatOfLayers(of: combination.model)
    let products = combination.choices.precision.precision(
      weights: weights, activations: activations)
    if activations.isQuantised, products != precision {
      return .note(
        "products are formed in \(products.rawValue), which weights of \(weights.name) need: "
          + "quantised activations gain bytes only")
    }
    guard let used = combination.machine.engine(for: precision) else { return nil }
    if used.engine.kind == .vector {
      return .note("matrix work runs on the vector engine \(used.engine.id)")
    }
    guard used.rate != precision else { return nil }
    return .note("\(precision.rawValue) products run at the \(used.rate.rawValue) rate")
  }

  static let tileAligned = Predicate(
    "tile_aligned", "Rows are whole blocks of the weights' format; else they are stored in another."
  ) { combination in
    let widths = combination.rowLengths
    guard let odd = widths.first(where: { combination.fallsBack(rowLength: $0) }) else {
      return nil
    }
    return .note(
      "rows of \(odd) are no whole blocks of \(combination.choices.weights.name): stored in a wider format"
    )
  }

  static let tileFits = Predicate(
    "sram_fits_tile", "The memory next to an engine holds a tile of queries, keys and scores."
  ) { combination in
    guard combination.choices.schedule != .materialised, combination.machine.main > 0,
      let width = combination.attention.map(\.headWidth).max()
    else { return nil }
    let level = combination.machine.levels[combination.machine.main - 1]
    guard level.instanceBytes > .zero else { return nil }
    // Queries and results, keys and values, and scores of 16 rows each: the smallest tile of a matrix engine.
    let side = 16.0
    let tile = Bytes(2 * (4 * side * Double(width) + side * side))
    guard tile > level.instanceBytes else { return nil }
    let near = combination.machine.chip.memory[level.index]
    let sentence =
      "a tile of 16 queries and 16 keys takes \(tile.displayBinary), and \(near.id) holds "
      + level.instanceBytes.displayBinary
    // A cache lets a kernel spill; a memory that software fills does not.
    guard near.management == .software else { return .note(sentence) }
    return .refused(.schedule, Refusal(sentence, remedy: "take --schedule materialised"))
  }

  static let exposesProbabilities = Predicate(
    "exposes_probs",
    "A policy that ranks entries by attention gets the probabilities, or pays for them."
  ) { combination in
    combination.attention.first { $0.cache.needsProbabilities }?.cacheNote.map { .note($0) }
  }

  static let positionReindex = Predicate(
    "position_reindex", "Positions counted within the cache: its keys are rotated again."
  ) { combination in
    combination.attention.first { $0.cache is SinksCache }?.cacheNote.map { .note($0) }
  }
}

extension Predicate.Combination {
  /// The lengths of rows of the weights of the layers.
  fileprivate var rowLengths: [Int] {
    let inner = model.blocks.values.compactMap { $0.feedForward?.size }
    return Set([model.hiddenSize] + inner).sorted()
  }

  /// Whether rows of a length are stored in another format than long even ones.
  fileprivate func fallsBack(rowLength: Int) -> Bool {
    func format(_ length: Int) -> String {
      choices.weights.format(
        of: TensorPlace(role: .up, layer: 0, layers: model.layers.count, rowLength: length)
      ).name
    }
    return format(rowLength) != format(1 << 20)
  }
}
