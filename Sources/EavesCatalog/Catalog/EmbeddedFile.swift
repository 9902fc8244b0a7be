/// A data file of the package, compiled in: `EmbeddedData`, which the plugin writes, has tables of them.
struct EmbeddedFile: Sendable {
  /// The `id` that stands in it; the name of the file where it holds none.
  let id: String
  /// Other names for it.
  let aliases: [String]
  /// Where it stands in the package.
  let path: StaticString
  /// Its text; nothing is copied before it is asked for.
  let text: StaticString

  /// The text as it stands in the file, byte for byte.
  var bytes: [UInt8] { text.withUTF8Buffer { Array($0) } }
}
