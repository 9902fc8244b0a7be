/// The `id` and the `aliases` of a JSON object, found without reading the rest.
///
/// This is no parser: it looks only at the outermost keys, and is content with broken files. The strict
/// reader of the catalog judges the files, and a test reads all that are shipped.
struct Names {
  var id: String?
  var aliases: [String] = []

  private enum Reading { case nothing, id, aliases }

  /// Of a file that holds none.
  init() {}

  init(in bytes: [UInt8]) {
    var depth = 0
    var key = ""
    var reading = Reading.nothing
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1:
        reading = key == "id" ? .id : key == "aliases" ? .aliases : .nothing
      case UInt8(ascii: ",") where depth == 1: reading = .nothing
      case UInt8(ascii: "\""):
        let text = Self.string(in: bytes, from: &index)
        switch (reading, depth) {
        case (.id, 1): id = text
        case (.aliases, 2): aliases.append(text)
        default: key = text
        }
      default: break
      }
      index += 1
    }
  }

  /// The string that begins at a quote; `index` ends on its closing quote.
  ///
  /// Names hold no escapes but of quotes and backslashes.
  private static func string(in bytes: [UInt8], from index: inout Int) -> String {
    var text: [UInt8] = []
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
      text.append(bytes[index])
      index += 1
    }
    return String(decoding: text, as: UTF8.self)
  }
}
