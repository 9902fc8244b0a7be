import Foundation
import Testing

/// Texts that are held against files in `Snapshots`.
///
/// Where the environment has `RECORD_SNAPSHOTS`, the files are written instead, and the tests fail once, so
/// that nobody takes a recording for a check.
enum Snapshot {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Snapshots")

  static func check(
    _ text: String, _ name: String, sourceLocation place: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try Data(text.utf8).write(to: file)
      Issue.record("\(name) was recorded; run again to check it", sourceLocation: place)
      return
    }
    let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    guard kept != text else { return }
    Issue.record(
      """
      \(name).txt differs; RECORD_SNAPSHOTS=1 records it anew. \
      \(firstDifference(text, kept))
      """, sourceLocation: place)
  }

  private static func firstDifference(_ text: String, _ kept: String) -> String {
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(new.count, old.count) {
      let now = index < new.count ? String(new[index]) : "(nothing)"
      let before = index < old.count ? String(old[index]) : "(nothing)"
      if now != before { return "Line \(index + 1) was\n  \(before)\nand is\n  \(now)" }
    }
    return ""
  }
}
