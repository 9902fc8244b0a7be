import Eaves

/// Sums up the tensors of a file by the slots that they are stored in.
struct StoredTally {
  /// Weights and their bytes.
  private(set) var elements = 0
  private(set) var bytes = 0
  /// Whether some weights are packed into words of another type.
  private(set) var isPacked = false
  private var slots: [TensorSlot: Slot] = [:]
  private var unnamed: [StoredTensor] = []
  private var byFormat: [String: (format: NumberFormat, bytes: Int)] = [:]

  /// What one slot holds.
  private struct Slot {
    var formats: [NumberFormat: Int] = [:]
    var elements = 0
    var bytes = 0
    var isPacked = false
    /// Weights that are no words, and the bits of words that weights are packed into.
    var plain = 0
    var wordBits = 0
  }

  /// Adds a tensor to its slots.
  /// - Throws: `DataError` where it is stored with others as one, in parts that are not known.
  mutating func add(
    _ tensor: StoredTensor, _ weights: TensorPlacement.Weights, _ model: Model
  ) throws(DataError) {
    count(tensor)
    let slots = weights.slots
    for slot in slots {
      var share = Slot(elements: tensor.elements, bytes: tensor.bytes)
      if slots.count > 1 {
        var part = weights
        part.roles = [slot.role]
        let whole = model.elements(of: weights) ?? slots.count
        let own = model.elements(of: part) ?? 1
        // Rows of one tensor: every part has its share of the bytes.
        let divisor = Self.divisor(own, whole)
        share.elements = tensor.elements / max(1, whole / divisor) * (own / divisor)
        share.bytes = tensor.bytes / max(1, whole / divisor) * (own / divisor)
      }
      var slotSum = self.slots[slot] ?? Slot()
      slotSum.elements += share.elements
      slotSum.bytes += share.bytes
      slotSum.isPacked = slotSum.isPacked || tensor.isPacked
      if !tensor.isBesideWords {
        if let bits = tensor.wordBits { slotSum.wordBits += bits * share.elements }
        if tensor.format != nil { slotSum.plain += share.elements }
      }
      if let format = tensor.format { slotSum.formats[format, default: 0] += share.bytes }
      self.slots[slot] = slotSum
    }
  }

  /// The greatest common divisor: shares in lowest terms keep products small.
  private static func divisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return max(1, larger)
  }

  /// Adds a tensor whose name says nothing; it must be in the format of all others.
  mutating func add(unnamed tensor: StoredTensor) {
    count(tensor)
    unnamed.append(tensor)
  }

  /// Adds a table of frequency factors, which is in f32.
  mutating func add(rotary tensor: StoredTensor) {
    elements += tensor.elements
    bytes += 4 * tensor.elements
  }

  private mutating func count(_ tensor: StoredTensor) {
    elements += tensor.elements
    bytes += tensor.bytes
    if tensor.isPacked { isPacked = true }
    guard let format = tensor.format else { return }
    byFormat[format.name, default: (format, 0)].bytes += tensor.bytes
  }

  /// Names that say nothing are harmless where everything has one format.
  func requireKnownNames(_ files: WeightFiles) throws(DataError) {
    guard let first = unnamed.first, byFormat.count > 1 || isPacked else { return }
    throw DataError(
      file: first.file, field: printable(first.name),
      "is no part of a model that is known, and the file has several formats",
      remedy: "choose another file")
  }

  /// The formats in one text, by slot, and of all others.
  /// - Parameters:
  ///   - model: the model as its configuration has it, which says what packed words mean.
  ///   - files: for messages.
  /// - Returns: the names joined, the format of each slot, and that of all others.
  /// - Throws: `DataError` where no tensor is a weight, or packed words are not what the model says.
  func formats(
    published model: Model, _ files: WeightFiles
  ) throws(DataError) -> (name: String, slots: [TensorSlot: NumberFormat], rest: NumberFormat) {
    var bytes: [NumberFormat: Int] = [:]
    var formats: [TensorSlot: NumberFormat] = [:]
    for (slot, sum) in slots {
      let format =
        sum.isPacked
        ? try packed(slot, sum, model, files) : Self.mean(of: sum.formats, sum.elements, sum.bytes)
      formats[slot] = format
      bytes[format, default: 0] += sum.bytes
    }
    for tensor in unnamed {
      if let format = tensor.format { bytes[format, default: 0] += tensor.bytes }
    }
    let order = bytes.sorted { ($0.value, $1.key.name) > ($1.value, $0.key.name) }.map(\.key)
    guard let most = order.first else {
      throw DataError(file: files.path, "has no weights", remedy: "name a model's file")
    }
    var names: [String] = []
    for format in order where !names.contains(format.name) { names.append(format.name) }
    if order.count == 1 { formats = [:] }
    return (names.joined(separator: "+"), formats, most)
  }

  /// One format for tensors of several, with their bytes.
  private static func mean(
    of formats: [NumberFormat: Int], _ elements: Int, _ bytes: Int
  ) -> NumberFormat {
    let order = formats.sorted { ($0.value, $1.key.name) > ($1.value, $0.key.name) }.map(\.key)
    guard let most = order.first else { return .f32 }
    guard order.count > 1 else { return most }
    return NumberFormat(
      name: order.map(\.name).joined(separator: "+"), blockElements: max(1, elements),
      blockBits: 8 * Double(bytes), expansion: most.expansion, multiply: most.multiply)
  }

  /// Bits of an element in a format's name: "int4/128+f16", "nf4", "f8e4m3".
  private static func elementBits(of format: NumberFormat) -> Int {
    let digits = format.name.drop { !$0.isNumber }.prefix { $0.isNumber }
    return Int(digits) ?? 8
  }

  /// The format that the configuration names, with the bytes that packed words, scales and indices take.
  private func packed(
    _ slot: TensorSlot, _ sum: Slot, _ model: Model, _ files: WeightFiles
  ) throws(DataError) -> NumberFormat {
    let place = TensorPlace(
      role: slot.role, layer: slot.layer, layers: model.layers.count, rowLength: model.hiddenSize,
      isExpert: slot.isExpert)
    let published = model.publishedScheme.format(of: place)
    let weights = TensorPlacement.Weights(
      roles: [slot.role], layer: slot.layer, isExpert: slot.isExpert)
    let held = sum.plain + sum.wordBits / max(1, Self.elementBits(of: published))
    let wanted = model.elements(of: weights)
    guard held > 0, published.isQuantised else {
      throw DataError(
        file: files.path,
        "layer \(slot.layer): packed \(slot.role) tensors that the configuration does not explain",
        remedy: "config.json needs its quantization_config")
    }
    // Words may be padded; shapes say how many weights they hold, where they say it.
    let elements = wanted.map { abs($0 - held) <= held / 8 ? $0 : held } ?? held
    let bits = 8 * Double(sum.bytes) / Double(elements)
    guard (0.8...1.3).contains(bits / published.bitsPerElement) else {
      throw DataError(
        file: files.path,
        "layer \(slot.layer): \(slot.role) tensors take \(bits) bits a weight, and config.json says "
          + "\(published.name)", remedy: "the files are of different models")
    }
    return NumberFormat(
      name: published.name, blockElements: elements, blockBits: 8 * Double(sum.bytes),
      expansion: published.expansion, multiply: published.multiply)
  }
}
