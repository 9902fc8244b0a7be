import EavesBlocks

/// The time of a load that needs the one before it, by chasing pointers through a shuffled ring of lines.
enum Latency {
  private static let loads = 1024
  private static let line = 64

  static func probes(bytes: [Int]) -> [Probe] { bytes.map(probe) }

  private static func probe(bytes: Int) -> Probe {
    let ring = ring(bytes: bytes)
    // The place where the last run stopped.
    let place = AlignedBuffer(bytes: 64)
    place.start.storeBytes(of: ring.start, as: UnsafeMutableRawPointer.self)
    // A warm-up goes round once, where caches could hold the ring at all.
    let warmUp = bytes <= 1 << 25 ? max(1, bytes / line / loads) : 1
    return Probe(.init(.latency, size: bytes), work: Double(loads), warmUp: warmUp) { _, count in
      var next = place.start.load(as: UnsafeMutableRawPointer.self)
      for _ in 0..<count * loads { next = next.load(as: UnsafeMutableRawPointer.self) }
      place.start.storeBytes(of: next, as: UnsafeMutableRawPointer.self)
      withExtendedLifetime(ring) {}
    }
  }

  /// Lines that point to each other in one cycle through all (Sattolo's shuffle).
  static func ring(bytes: Int) -> AlignedBuffer {
    let ring = AlignedBuffer(bytes: bytes)
    let count = max(1, bytes / line)
    var order = Array(0..<UInt32(count))
    var generator = SplitMix64(seed: 64)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(generator.next() % UInt64(last)))
    }
    for (index, next) in order.enumerated() {
      (ring.start + index * line).storeBytes(
        of: ring.start + Int(next) * line, as: UnsafeMutableRawPointer.self)
    }
    return ring
  }
}
