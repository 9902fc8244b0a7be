import Eaves

/// A text of the user's.
public enum TextFile {
  /// The text of a file.
  /// - Parameter path: the file.
  /// - Returns: all of it.
  /// - Throws: `DataError` where there is none, or it is no UTF-8.
  public static func read(path: String) throws(DataError) -> String {
    guard let text = String(validating: try FileReader.read(path: path), as: UTF8.self) else {
      throw DataError(file: path, "is no text in UTF-8", remedy: "convert it to UTF-8")
    }
    return text
  }

  /// The hash of a file's bytes, for provenance.
  public static func hash(path: String) throws(DataError) -> String {
    contentHash(try FileReader.read(path: path))
  }
}
