/// Tensors that a weight scheme stores in another format than its rule says: `head=q6_k`.
struct TensorOverride: Sendable, Hashable {
  let tensors: TensorSet
  let format: NumberFormat

  /// The format of a tensor, where this is about it; rows that no block divides fall back as in a ggml file.
  func format(of tensor: TensorPlace) -> NumberFormat? {
    guard tensors.contains(tensor) else { return nil }
    return GGMLFormats.contains(format)
      ? GGMLFormats.fallback(for: format, rowLength: tensor.rowLength) : format
  }

  var name: String { "\(tensors.rawValue)=\(format.name)" }
}

/// Sets of tensors that have names in weight schemes.
enum TensorSet: String, Sendable, Hashable, CaseIterable {
  case embedding, head, attention, query, key, value, output
  case feedForward = "feed_forward"
  case experts, gate, up, down, router, norms, mixer

  /// The words, for messages.
  static let names = allCases.map(\.rawValue)

  /// Whether a tensor is one of the set; a tied table is embedding and head.
  func contains(_ tensor: TensorPlace) -> Bool {
    switch (self, tensor.role) {
    case (.embedding, .embedding), (.embedding, .positionEmbedding): true
    case (.head, .head): true
    case (.head, .embedding): tensor.isTied
    case (.attention, .query), (.attention, .key), (.attention, .value),
      (.attention, .attentionOutput):
      true
    case (.query, .query), (.key, .key), (.value, .value), (.output, .attentionOutput): true
    case (.feedForward, .gate), (.feedForward, .up), (.feedForward, .down): !tensor.isExpert
    case (.experts, .gate), (.experts, .up), (.experts, .down): tensor.isExpert
    case (.gate, .gate), (.up, .up), (.down, .down), (.router, .router): true
    case (.norms, .norm), (.norms, .bias): true
    case (.mixer, .mixerInput), (.mixer, .mixerOutput), (.mixer, .mixerInner): true
    default: false
    }
  }
}

extension WeightScheme {
  /// Reads `SCHEME:TENSORS=FORMAT:…`: a scheme, and tensors that are stored otherwise; later ones come first.
  /// - Throws: `FormatError` where the scheme, a set of tensors or a format is none, or a set is named twice.
  static func overrides(_ parts: [Substring], of text: String) throws(FormatError)
    -> [TensorOverride]
  {
    var overrides: [TensorOverride] = []
    for part in parts {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let tensors = TensorSet(rawValue: sides[0].lowercased()) else {
        throw FormatError(
          problem: "\"\(part)\" in \"\(text)\" names no tensors and their format",
          remedy: "write TENSORS=FORMAT, such as head=q6_k, with one of "
            + TensorSet.names.joined(separator: ", "))
      }
      guard !overrides.contains(where: { $0.tensors == tensors }) else {
        throw FormatError(
          problem: "\"\(text)\" gives \(tensors.rawValue) two formats", remedy: "write one of them")
      }
      overrides.append(
        TensorOverride(tensors: tensors, format: try NumberFormat(parsing: String(sides[1]))))
    }
    return overrides
  }
}
