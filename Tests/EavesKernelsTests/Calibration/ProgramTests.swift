import EavesBlocks
import Testing

@testable import EavesKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is timed does what it says.
@Suite struct ProgramTests {
  @Test func expAgreesWithTheLibraryOverItsRange() {
    for step in 0..<4000 {
      let x = -86.9 + Float(step) * 174.8 / 4000
      let exact = exp(Double(x))
      let error = abs(Double(LaneMath.exp(Lanes(repeating: x))[3]) / exact - 1)
      #expect(error < 4e-7, "\(x)")
    }
    #expect(LaneMath.exp(Lanes(repeating: -1000))[0] > 0)
    #expect(LaneMath.exp(Lanes(repeating: 1000))[0].isFinite)
  }

  @Test func latencyGoesThroughEveryLineOnce() {
    let bytes = 64 * 1000
    let ring = Latency.ring(bytes: bytes)
    var seen: Set<UnsafeMutableRawPointer> = []
    var next = ring.start
    repeat {
      seen.insert(next)
      next = next.load(as: UnsafeMutableRawPointer.self)
    } while next != ring.start && seen.count <= 1000
    #expect(seen.count == 1000 && next == ring.start)
  }

  @Test func integerProductsAreExact() {
    let memory = AlignedBuffer(bytes: 128)
    var sum = 0
    for index in 0..<64 {
      let (a, b) = (
        Int8(truncatingIfNeeded: index * 37 - 128), Int8(truncatingIfNeeded: index * 91)
      )
      memory.start.storeBytes(of: a, toByteOffset: index, as: Int8.self)
      memory.start.storeBytes(of: b, toByteOffset: 64 + index, as: Int8.self)
      sum += Int(a) * Int(b)
    }
    #expect(IntegerDot.dot(memory.start, memory.start + 64, count: 64) == Int32(sum))
  }

  @Test(arguments: [UInt16(0x3C00), 0xBC00, 0x3555, 0x0001, 0x03FF, 0x7BFF, 0, 0x8000])
  func halvesAreThoseOfTheLibrary(bits: UInt16) {
    withUnsafeBytes(of: bits) { bytes in
      guard let start = bytes.baseAddress else { return }
      #expect(BlockDot.half(start) == Float(Float16(bitPattern: bits)))
    }
  }

  /// Two blocks with seeded bits against their definition, weight by weight.
  @Test func quantisedBlocksAreExpandedAsDefined() {
    var generator = SplitMix64(seed: 7)
    let row = AlignedBuffer(bytes: 2 * BlockDot.bytesK)
    let bytes = (0..<2 * BlockDot.bytesK).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let x = AlignedBuffer(bytes: 4 * 512)
    for index in 0..<512 { x.floats[index] = Float(index % 7) - 3 }

    func check(
      _ size: Int, _ dot: Float, _ weight: (_ block: Int, _ index: Int) -> Double, _ count: Int
    ) {
      var (exact, norm) = (0.0, 0.0)
      for index in 0..<2 * count {
        let term = weight(index / count, index % count) * Double(x.floats[index])
        exact += term
        norm += abs(term)
      }
      #expect(abs(Double(dot) - exact) <= 1e-5 * norm, "blocks of \(size) bytes")
    }
    /// Writes the bytes with scales between ½ and 2 in the first places of each block.
    func fill(_ size: Int, halves: Int) {
      for block in 0..<2 {
        for offset in 0..<size {
          row.start.storeBytes(
            of: bytes[block * size + offset], toByteOffset: block * size + offset, as: UInt8.self)
        }
        for half in 0..<halves {
          let bits = UInt16(0x3800 + 0x123 * (2 * block + half + 1))
          row.start.storeBytes(of: bits, toByteOffset: block * size + 2 * half, as: UInt16.self)
        }
      }
    }
    func half(_ offset: Int) -> Double { Double(BlockDot.half(row.start + offset)) }
    func byte(_ offset: Int) -> Int { Int(row.start.load(fromByteOffset: offset, as: UInt8.self)) }

    fill(BlockDot.bytes8, halves: 1)
    check(
      BlockDot.bytes8, BlockDot.dot8(row.start, x.floats, blocks: 2),
      { block, index in
        let start = block * BlockDot.bytes8
        return half(start) * Double(Int8(truncatingIfNeeded: byte(start + 2 + index)))
      }, 32)

    fill(BlockDot.bytes4, halves: 1)
    check(
      BlockDot.bytes4, BlockDot.dot4(row.start, x.floats, blocks: 2),
      { block, index in
        let start = block * BlockDot.bytes4
        let pair = byte(start + 2 + index % 16)
        return half(start) * Double((index < 16 ? pair & 15 : pair >> 4) - 8)
      }, 32)

    fill(BlockDot.bytesK, halves: 2)
    check(
      BlockDot.bytesK, BlockDot.dotK(row.start, x.floats, blocks: 2),
      { block, index in
        let start = block * BlockDot.bytesK
        let (group, place) = (index / 32, index % 32)
        func packed(_ index: Int) -> Int { byte(start + 4 + index) }
        let scale =
          group < 4 ? packed(group) & 63 : packed(group + 4) & 15 | (packed(group - 4) >> 6) << 4
        let minimum =
          group < 4 ? packed(group + 4) & 63 : packed(group + 4) >> 4 | (packed(group) >> 6) << 4
        let pair = byte(start + 16 + 32 * (group / 2) + place)
        let q = group.isMultiple(of: 2) ? pair & 15 : pair >> 4
        return half(start) * Double(scale * q) - half(start + 2) * Double(minimum)
      }, 256)
  }

  @Test(arguments: [false, true])
  func workingSetsCoverEveryLevelAndStayWithinTheLimit(isQuick: Bool) {
    let topology = MadeUpHost.topology()
    let plan = isQuick ? CalibrationPlan.quick(threads: 2) : .full(threads: 2)
    for threads in [1, 2] {
      let sets = plan.workingSets(on: topology, threads: threads)
      #expect(sets == sets.sorted() && Set(sets).count == sets.count)
      #expect(isQuick || sets.count >= 20)
      #expect(sets.allSatisfy { $0 * threads <= 1 << 28 && $0.isMultiple(of: 768) })
      var nearer = 0
      for cache in topology.caches {
        let share = topology.share(of: cache, threads: threads)
        #expect(sets.contains { $0 > nearer && $0 <= share }, "L\(cache.level)")
        nearer = share
      }
      #expect(sets.contains { $0 * threads > 2 * topology.lastCacheBytes }, "main memory")
    }
  }

  @Test func everyProbeRunsAndCountsItsWork() {
    let topology = MadeUpHost.topology()
    let plan = CalibrationPlan.brief(budget: 0.1, threads: 2)
    let probes = Calibration(topology: topology, plan: plan).probes
    #expect(Set(probes.map(\.key.measurand)) == Set(Measurand.allCases))
    #expect(Set(probes.map(\.key)).count == probes.count)
    for probe in probes {
      #expect(probe.work > 0)
      #expect(Team.sample(probe, 1).wall > 0, "\(probe.key)")
    }
  }
}
