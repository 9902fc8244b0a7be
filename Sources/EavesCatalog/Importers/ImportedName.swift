#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a model is called that is read from a file of another tool: the name of its folder, or of the file
/// where that says more than `config.json`.
enum ImportedName {
  /// The id of the model in a file.
  static func id(of path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    guard let file = parts.last else { return "model" }
    guard file.lowercased() == "config.json" else {
      return plain(stem(file))
    }
    var folders = Array(parts.dropLast())
    if folders.last.map({ [".", ".."].contains($0) }) ?? !path.hasPrefix("/") {
      let folder = path.dropLast(file.utf8.count)
      folders = resolved(folder.isEmpty ? "." : String(folder))
    }
    return plain(cached(folders) ?? folders.last ?? "config")
  }

  /// `models--org--name/snapshots/commit` is how the cache of Hugging Face lays out its folders.
  private static func cached(_ folders: [String]) -> String? {
    guard folders.count >= 3, folders[folders.count - 2] == "snapshots" else { return nil }
    let name = folders[folders.count - 3]
    guard name.hasPrefix("models--") else { return nil }
    // The name is what stands after the last pair of hyphens.
    let parts = name.indices.filter { name[$0...].hasPrefix("--") }
    return parts.last.map { String(name[$0...].dropFirst(2)) }
  }

  private static func stem(_ file: String) -> String {
    var stem = file
    for ending in [".gguf", ".json", ".index", ".safetensors", ".config"]
    where stem.hasSuffix(ending) {
      stem = String(stem.dropLast(ending.count))
    }
    return stem
  }

  /// The parts of a folder's absolute path; empty where it cannot be found.
  private static func resolved(_ folder: String) -> [String] {
    guard let path = realpath(folder, nil) else { return [] }
    defer { free(path) }
    return String(cString: path).split(separator: "/").map(String.init)
  }

  /// A name that can be typed and stands in CSV cells, as ids of shipped models do.
  private static func plain(_ text: String) -> String {
    let letters = text.unicodeScalars.prefix(64).map { scalar -> Character in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain || [".", "-", "_"].contains(scalar) ? Character(scalar) : "-"
    }
    return letters.isEmpty ? "model" : String(letters)
  }
}
