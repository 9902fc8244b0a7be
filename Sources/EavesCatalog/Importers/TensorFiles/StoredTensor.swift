public import Eaves

/// A tensor in a file of weights: where it stands, and as what.
public struct StoredTensor: Sendable, Hashable {
  /// Its name in the file.
  public let name: String
  /// The file it is in.
  public let file: String
  /// Its sizes, the longest stride first; the last one is the length of a row, along which blocks run.
  public let shape: [Int]
  /// How its elements are stored; `nil` for whole numbers and truth values, which are no weights.
  public let format: NumberFormat?
  /// The name of that format in the file.
  public let type: String
  /// Where its bytes begin in the file.
  public let offset: Int
  /// How many there are.
  public let bytes: Int

  /// Elements in all.
  public var elements: Int { shape.reduce(1, *) }
  /// Elements in a row.
  public var rowLength: Int { shape.last ?? 1 }

  init(
    name: String, file: String, shape: [Int], format: NumberFormat?, type: String, offset: Int,
    bytes: Int
  ) {
    self.name = name
    self.file = file
    self.shape = shape
    self.format = format
    self.type = type
    self.offset = offset
    self.bytes = bytes
  }
}
