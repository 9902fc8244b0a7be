import EavesCatalog

/// The message of the error that `body` ends with; nil where it succeeds.
func message(of body: () throws(DataError) -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return error.description
  }
}

/// The outermost object of a text, read as the file `f.json`.
func reader(_ text: String, nullIsAbsent: Bool = false) throws(DataError) -> ObjectReader {
  try ObjectReader(parsing: Array(text.utf8), file: "f.json", nullIsAbsent: nullIsAbsent)
}
