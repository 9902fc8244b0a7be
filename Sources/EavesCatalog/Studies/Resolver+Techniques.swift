public import Eaves

extension Resolver {
  /// Every technique: members of the axes, then the shipped presets.
  /// - Throws: `DataError` where a preset is bad.
  public func techniques() throws(DataError) -> [Technique] {
    var techniques = TechniqueList.techniques
    for name in catalog.names(of: .preset) { techniques.append(try preset(name).technique) }
    return techniques
  }

  /// The techniques of a name, in capitals or small letters.
  ///
  /// Of what a configuration writes, the word before the first colon counts. A preset also answers to its aliases, and to the path of a file.
  ///
  /// - Returns: At least one; several where axes use the same word.
  /// - Throws: `DataError` (`notFound`) with the nearest names, or that of a bad preset.
  public func techniques(named name: String) throws(DataError) -> [Technique] {
    if Catalog.isPath(name) { return [try preset(name).technique] }
    // A form that is one word with a colon in it, 2:4, is a name as well.
    let isForm = TechniqueList.techniques.contains { $0.form == name }
    let word = isForm ? name : String(name.prefix { $0 != ":" }).lowercased()
    var found = TechniqueList.techniques(named: word)
    do {
      found.append(try preset(word).technique)
    } catch  where error.kind == .notFound {
      guard found.isEmpty else { return found }
      let known = TechniqueList.techniques.map(\.name) + catalog.names(of: .preset)
      let near = Suggestion.nearest(word, among: Set(known))
      let list = "eaves techniques list shows all"
      throw DataError(
        .notFound, "no technique \(quoted(name))",
        remedy: near.isEmpty ? list : "did you mean \(Suggestion.alternatives(near))? (\(list))")
    }
    return found
  }
}
