import Eaves
import Quantities

/// Puts the tensors of a file into the shapes of a model: formats as stored, and every byte accounted for.
struct StoredModel {
  let files: WeightFiles
  let placement: (StoredTensor, Model) -> TensorPlacement?

  /// The model with the formats of its tensors.
  /// - Parameter shapes: the model that the configuration or the metadata states.
  /// - Returns: the same shapes, with what is stored.
  /// - Throws: `DataError` where a tensor has another size than the shapes say, or the sums differ.
  func model(_ shapes: Model) throws(DataError) -> Model {
    var model = shapes
    var tally = StoredTally()
    var others: [StoredTensor] = []
    for tensor in files.tensors {
      switch placement(tensor, shapes) {
      case .weights(let weights):
        try check(tensor, weights, shapes)
        try tally.add(tensor, weights, shapes)
      case .rotaryFactors:
        model.rotaryFactors += tensor.elements
        tally.add(rotary: tensor)
      case .other: others.append(tensor)
      case nil:
        guard !isPlain(tensor) else {
          // A name that says nothing may still stand in a file of one format.
          tally.add(unnamed: tensor)
          continue
        }
        throw wrong(tensor, "is no part of a \(shapes.family) that is known", "choose another file")
      }
    }
    try tally.requireKnownNames(files)
    let account = files.account(weights: tally.bytes, others: others)
    let formats = try tally.formats(published: shapes, files)
    model.stored = StoredWeights(
      name: formats.name, formats: formats.slots, rest: formats.rest, account: account)
    model.publishedFormat = formats.rest
    model.publishedGroups = [:]
    if !others.isEmpty {
      let names = others.prefix(3).map { printable($0.name) }.joined(separator: ", ")
      model.notes.append(
        "\(others.count) tensors of \(account.otherBytes) bytes are no weights of a pass: \(names)"
          + (others.count > 3 ? " …" : ""))
    }
    try requireSums(model, tally)
    return model
  }

  private func isPlain(_ tensor: StoredTensor) -> Bool {
    tensor.format.map { !$0.isQuantised } ?? false
  }

  /// A tensor has as many elements as its shapes say.
  private func check(
    _ tensor: StoredTensor, _ weights: TensorPlacement.Weights, _ model: Model
  ) throws(DataError) {
    if let layer = weights.layer, !model.layers.indices.contains(layer), model.encoderLayers.isEmpty
    {
      throw wrong(tensor, "is of layer \(layer), and the model has \(model.layers.count)", mixed)
    }
    guard let wanted = model.elements(of: weights), !tensor.isPacked else { return }
    guard wanted == tensor.elements else {
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      throw wrong(
        tensor,
        "is \(shape), \(tensor.elements) weights, and the shapes of the model make \(wanted)",
        mixed)
    }
  }

  /// What the operations read is what the file holds: to the last weight and the last byte.
  private func requireSums(_ model: Model, _ tally: StoredTally) throws(DataError) {
    let inventory = CompiledModel(model, Settings()).inventory
    if !tally.isPacked, Int(inventory.parameters.rounded()) != tally.elements {
      throw DataError(
        file: files.path,
        "its tensors hold \(tally.elements) weights, and the shapes that it states make "
          + "\(Int(inventory.parameters.rounded()))", remedy: mixed)
    }
    guard Int(inventory.weightBytes.value.rounded()) == tally.bytes else {
      throw DataError(
        file: files.path,
        "its weights take \(tally.bytes) bytes, and the shapes that it states make "
          + "\(Int(inventory.weightBytes.value.rounded()))", remedy: mixed)
    }
  }

  private let mixed = "the file is damaged, or of a variant that cannot be imported"

  private func wrong(_ tensor: StoredTensor, _ problem: String, _ remedy: String) -> DataError {
    DataError(file: tensor.file, field: printable(tensor.name), problem, remedy: remedy)
  }

  init(_ files: WeightFiles, _ placement: @escaping (StoredTensor, Model) -> TensorPlacement?) {
    self.files = files
    self.placement = placement
  }
}

extension StoredTensor {
  /// Whether its elements are parts of weights rather than weights: packed words, scales, zero points.
  var isPacked: Bool { format == nil || isBesideWords }

  /// Whether it stands beside the words that hold weights: scales, zero points, indices, code books.
  var isBesideWords: Bool { Self.besideWords.contains { name.hasSuffix($0) } }

  private static let besideWords = [
    ".scales", "_scales", "weight_scale", "weight_scale_inv", "weight_scale_2", "global_scale",
    "input_scale", ".SCB", ".qzeros", ".g_idx", "_g_idx", "weight_shape", "weight_zero_point",
    "absmax", "quant_map", "bitsandbytes__nf4", "bitsandbytes__fp4", "weight_format",
  ]

  /// Bits of an element of a type that packs weights; nil of another.
  var wordBits: Int? {
    switch type {
    case "i32", "u32": 32
    case "u8", "i8": 8
    case "i64", "u64": 64
    case "i16", "u16": 16
    default: nil
    }
  }
}
