public import Quantities

/// A cache of a capacity and a line that holds the lines used last, over traced buffers.
///
/// It is fully associative. A line that is read and not there crosses the boundary; a line that was written crosses
/// it once, when it is replaced or at the end. A line that is written and not there is not fetched, as kernels write
/// whole lines of their results.
public final class CacheTrace {
  /// Bytes of a line.
  public let line: Int
  private let lines: Int
  private var slots: [Int: Int] = [:]
  private var tags: [Int] = []
  private var dirty: [Bool] = []
  /// Neighbours in the order of use: slot 0 is the head of the ring.
  private var next: [Int] = [0]
  private var previous: [Int] = [0]
  private var fetched = 0
  private var evicted = 0
  private var end = 0

  /// An empty cache of `capacity` bytes in lines of `line`.
  public init(capacity: Int, line: Int = 64) {
    self.line = line
    lines = max(1, capacity / line)
    tags = [-1]
    dirty = [false]
  }

  /// Bytes that crossed the boundary below it so far, dirty lines that are still there included.
  public var traffic: Bytes {
    Bytes(Double((fetched + evicted + dirty.count(where: \.self)) * line))
  }

  /// Places `bytes` in memory, at the start of a line.
  func place(bytes: Int) -> Int {
    let start = end
    end += (bytes + line - 1) / line * line
    return start
  }

  /// Reads or writes `bytes` from an address on.
  func touch(address: Int, bytes: Int, isWrite: Bool) {
    for tag in address / line...(address + max(1, bytes) - 1) / line { touch(tag, isWrite) }
  }

  private func touch(_ tag: Int, _ isWrite: Bool) {
    if let slot = slots[tag] {
      unlink(slot)
      link(slot)
      dirty[slot] = dirty[slot] || isWrite
      return
    }
    if !isWrite { fetched += 1 }
    let slot: Int
    if tags.count <= lines {
      slot = tags.count
      tags.append(tag)
      dirty.append(isWrite)
      next.append(0)
      previous.append(0)
    } else {
      slot = previous[0]
      unlink(slot)
      slots[tags[slot]] = nil
      if dirty[slot] { evicted += 1 }
      tags[slot] = tag
      dirty[slot] = isWrite
    }
    slots[tag] = slot
    link(slot)
  }

  private func unlink(_ slot: Int) {
    next[previous[slot]] = next[slot]
    previous[next[slot]] = previous[slot]
  }

  private func link(_ slot: Int) {
    next[slot] = next[0]
    previous[slot] = 0
    previous[next[0]] = slot
    next[0] = slot
  }
}
