import EavesBlocks
import Quantities
import Testing

@testable import EavesKernels

@Suite struct CacheTraceTests {
  /// A list of lines, newest first: the definition of LRU.
  private struct ListCache {
    let lines: Int
    var held: [(tag: Int, dirty: Bool)] = []
    var crossed = 0

    mutating func touch(_ tag: Int, _ isWrite: Bool) {
      if let place = held.firstIndex(where: { $0.tag == tag }) {
        let entry = held.remove(at: place)
        held.insert((tag, entry.dirty || isWrite), at: 0)
        return
      }
      if !isWrite { crossed += 1 }
      held.insert((tag, isWrite), at: 0)
      if held.count > lines, held.removeLast().dirty { crossed += 1 }
    }
  }

  @Test(arguments: [1, 2, 7, 64])
  func itIsAListOfTheLinesUsedLast(lines: Int) {
    let trace = CacheTrace(capacity: lines * 16, line: 16)
    var list = ListCache(lines: lines)
    var random = SplitMix64(seed: 5)
    for _ in 0..<3000 {
      let address = Int(random.next() % 1600)
      let isWrite = random.next().isMultiple(of: 3)
      trace.touch(address: address, bytes: 4, isWrite: isWrite)
      for tag in address / 16...(address + 3) / 16 { list.touch(tag, isWrite) }
    }
    let left = list.held.count { $0.dirty }
    #expect(trace.traffic.value == Double((list.crossed + left) * 16))
  }

  @Test func whatFitsCrossesOnce() {
    let trace = CacheTrace(capacity: 1024, line: 64)
    for _ in 0..<3 {
      for address in stride(from: 0, to: 512, by: 4) {
        trace.touch(address: address, bytes: 4, isWrite: false)
      }
    }
    #expect(trace.traffic.value == 512)
  }
}
