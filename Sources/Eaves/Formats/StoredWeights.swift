/// The formats of the tensors of a file as they are stored, and what the file is made of.
public struct StoredWeights: Sendable, Hashable {
  /// The formats in order of the bytes they take: "q4_k+q6_k+f32".
  public let name: String
  /// Where every byte of the file goes.
  public let account: FileAccount
  private let formats: [TensorSlot: NumberFormat]
  private let rest: NumberFormat

  /// Formats by slot.
  /// - Parameters:
  ///   - name: the formats in one text.
  ///   - formats: the format of each slot that has one of its own.
  ///   - rest: the format of all others.
  ///   - account: where every byte of the file goes.
  public init(
    name: String, formats: [TensorSlot: NumberFormat], rest: NumberFormat, account: FileAccount
  ) {
    self.name = name
    self.formats = formats
    self.rest = rest
    self.account = account
  }

  /// Whether some tensors are in a format that is expanded before arithmetic.
  public var isQuantised: Bool { rest.isQuantised || formats.values.contains { $0.isQuantised } }

  /// The format of one tensor.
  func format(of tensor: TensorPlace) -> NumberFormat {
    let slot = TensorSlot(tensor.role, layer: tensor.layer, isExpert: tensor.isExpert)
    if let format = formats[slot] { return format }
    var other = slot
    other.isExpert.toggle()
    return formats[other] ?? rest
  }
}

extension Model {
  /// The formats that the weights were published in.
  public var publishedScheme: WeightScheme {
    stored.map { WeightScheme(stored: $0) }
      ?? WeightScheme(published: publishedFormat, groups: publishedGroups)
  }
}
