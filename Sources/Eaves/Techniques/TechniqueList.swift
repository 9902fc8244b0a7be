/// Everything that the axes of a configuration and the mixers of a model file can name, described.
///
/// Presets are files: the catalogue adds them.
public enum TechniqueList {
  /// Axis by axis, each in the order of its own list.
  public static let techniques: [Technique] =
    HeadSharing.techniques + PatternList.entries.map(\.technique) + Schedule.techniques
    + MixerList.techniques + CachePolicyList.techniques + ParallelList.techniques
    + DecodingList.techniques + ExpertList.techniques + SparsityList.techniques
    + FormatTechniques.techniques
    + ShrinkingTechniques.techniques

  /// What has a name: a pattern and a cache policy may share one.
  public static func techniques(named name: String) -> [Technique] {
    techniques.filter { $0.name == name || $0.form == name }
  }
}

extension Technique {
  /// The page of its name in the repository, which it shares with what has the same name on other axes.
  public var guide: String { "docs/techniques/\(name).md" }
}
