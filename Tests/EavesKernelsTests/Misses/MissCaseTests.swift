import Eaves
import EavesBlocks
import Quantities
import Testing

@testable import EavesKernels

@Suite struct MissCaseTests {
  @Test func everyKernelHasACacheThatItFitsAndOneThatItDoesNot() throws {
    for kernel in try MissList.cases() {
      let bytes = kernel.capacities.map { kernel.predicted($0).value }
      #expect(bytes.last == 0, "\(kernel.shape.family)")
      #expect(bytes.first ?? 0 > 0, "\(kernel.shape.family)")
      #expect(bytes == bytes.sorted(by: >), "\(kernel.shape.family): \(bytes)")
    }
  }

  @Test func operandsOfAKernelThatStreamsTravelOnce() throws {
    for kernel in try MissList.cases() where kernel.tolerance < 0.1 {
      #expect(kernel.predicted(kernel.capacities[0]) == kernel.compulsory)
    }
  }

  /// By hand: P = Q = 320; a remainder of up to twice as much is halved, in steps of the kernel's rows.
  @Test(arguments: [(100, 100), (320, 320), (328, 168), (512, 256), (639, 320), (640, 320)])
  func blocksAreThoseOfTheLibrary(left: Int, block: Int) {
    #expect(PackedProduct.block(left, most: 320) == block)
  }

  /// A cache that holds everything sees each operand once: x, w, y and the copies of both factors.
  @Test func aProductTouchesItsOperandsAndTheCopies() {
    let cache = AssociativeCache(capacity: 1 << 24)
    MatmulTimed(m: 24, n: 128, k: 640).trace(cache)()
    let operands = 4 * (24 * 640 + 128 * 640 + 24 * 128)
    // One block of columns, and strips of twelve rows that overwrite each other.
    let copies = 4 * (128 * 320 + 12 * 320)
    #expect(cache.misses * AssociativeCache.line == operands + copies)
  }

  /// Twice as much depth is twice as many blocks, where nothing is kept.
  @Test func aSmallCacheKeepsNothingBetweenBlocks() throws {
    func misses(_ k: Int) -> Int {
      let cache = AssociativeCache(capacity: 1 << 16)
      let run = MatmulTimed(m: 24, n: 128, k: k).trace(cache)
      run()
      let before = cache.misses
      run()
      return cache.misses - before
    }
    let ratio = Double(misses(1280)) / Double(misses(640))
    #expect(abs(ratio - 2) < 0.02)
  }
}

@Suite struct AssociativeCacheTests {
  /// Against its definition: a line is there if fewer than 16 others of its set were used since.
  @Test func aLineStaysUntilAsManyOthersOfItsSetWereUsedAsThereAreWays() {
    let capacity = 4 * 64 * AssociativeCache.ways
    let cache = AssociativeCache(capacity: capacity)
    var generator = SplitMix64(seed: 1)
    var used: [Int] = []
    for _ in 0..<4000 {
      let tag = Int(generator.next() % 90)
      let since = used.lastIndex(of: tag).map { used[($0 + 1)...] }
      let others = since.map { Set($0.filter { $0 % 4 == tag % 4 }).count }
      let before = cache.misses
      cache.touch(address: 64 * tag + 8, bytes: 4)
      #expect((cache.misses == before) == (others.map { $0 < AssociativeCache.ways } ?? false))
      used.append(tag)
    }
  }
}
