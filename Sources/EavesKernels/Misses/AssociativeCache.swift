/// A cache of sets with a few lines each, of which the one used longest ago makes room: as cachegrind simulates it.
///
/// A line that is written and not there is fetched, and counts as a miss; lines that are written back do not.
final class AssociativeCache {
  /// Bytes of a line, and lines of a set.
  static let (line, ways) = (64, 16)
  /// Lines that were not there.
  private(set) var misses = 0
  /// Tags of each set, those used last first; −1 is none.
  private var tags: [Int]
  private let sets: Int
  private var end = 0

  /// An empty cache.
  init(capacity: Int) {
    sets = max(1, capacity / (Self.line * Self.ways))
    tags = Array(repeating: -1, count: sets * Self.ways)
  }

  /// Places `bytes` in memory, at the start of a page.
  func place(bytes: Int) -> Int {
    let start = end
    end += (bytes + 4095) / 4096 * 4096
    return start
  }

  /// Reads or writes `bytes` from an address on.
  func touch(address: Int, bytes: Int) {
    for tag in address / Self.line...(address + max(1, bytes) - 1) / Self.line { touch(tag) }
  }

  private func touch(_ tag: Int) {
    let first = tag % sets * Self.ways
    var place = first
    while place < first + Self.ways - 1, tags[place] != tag { place += 1 }
    if tags[place] != tag { misses += 1 }
    while place > first {
      tags[place] = tags[place - 1]
      place -= 1
    }
    tags[first] = tag
  }
}
