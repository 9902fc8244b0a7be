/// Reads the fields of a shape by name and kind; how a file is written is another's business.
///
/// With it a mixer is one file of this target: its shape says which fields it has, and the reader of model
/// files needs no line for it.
public protocol FieldReader {
  /// What goes wrong with a field: names file, line, path, value and remedy.
  associatedtype Failure: Error

  /// A whole number that must be there.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int
  /// A whole number, or nil where the field is left out.
  func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int?
  /// `true` or `false`; the default where the field is left out.
  func boolean(_ key: String, default standard: Bool) throws(Failure) -> Bool
  /// One of the names of an enumeration, or nil where the field is left out.
  func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(Failure) -> Choice?
  /// A text, or nil where the field is left out.
  func optionalString(_ key: String) throws(Failure) -> String?
  /// An error at a field, for what only the whole shape shows to be wrong.
  func error(at key: String, _ problem: String, remedy: String) -> Failure
}

/// What any model could have; beyond it a number is a slip, and products of them still fit an `Int`.
public enum ModelLimits {
  public static let widths = 1...10_000_000
  public static let heads = 1...100_000
  public static let convolutions = 1...1024
  public static let rows = 1...1_000_000_000
  public static let tokens = 1...1_000_000_000
  public static let layers = 1...10_000
  public static let totals = 0...1_000_000_000_000_000_000
}
