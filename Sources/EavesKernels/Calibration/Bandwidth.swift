import COpenBLAS

/// The rate at which vectors are read, copied and combined, against the working set.
///
/// Four programs: a sum in Swift, `sdot` of OpenBLAS (two streams, wider loads), a copy, and the triad
/// a = b + s·c. A working set is what one thread goes through; a large one is gone through in pieces, so
/// that samples stay short, and from where the last sample stopped.
enum Bandwidth {
  /// The longest piece of a working set that one iteration goes through.
  private static let piece = 1 << 24
  /// Arrays begin this many bytes apart from where they would, so that they do not collide in the caches.
  private static let skew = 1088

  /// What goes through memory, and how many arrays it needs.
  private static let arrays: [(measurand: Measurand, count: Int)] = [
    (.read, 1), (.readDot, 2), (.copy, 2), (.triad, 3),
  ]

  /// Some of the four programs, each over working sets of a thread in bytes.
  static func probes(bytes: [Int], _ measurands: Set<Measurand>, threads: Int) -> [Probe] {
    let most = (bytes.max() ?? 0) + 4 * skew
    let arenas = (0..<threads).map { _ in AlignedBuffer(bytes: most) }
    let sinks = (0..<threads).map { _ in AlignedBuffer(bytes: 64, filling: 0) }
    return bytes.flatMap { bytes in
      arrays.filter { measurands.contains($0.measurand) }.map { kind in
        probe(kind.measurand, kind.count, bytes, arenas, sinks)
      }
    }
  }

  private static func probe(
    _ measurand: Measurand, _ arrays: Int, _ bytes: Int, _ arenas: [AlignedBuffer],
    _ sinks: [AlignedBuffer]
  ) -> Probe {
    let pieces = max(1, (bytes + piece - 1) / piece)
    // Bytes of one array in one piece: whole steps of the loops.
    let part = max(128, bytes / arrays / pieces / 128 * 128)
    // A library that fills the machine by itself would disturb the threads of the team.
    let prepare = { measurand == .readDot ? openblas_set_num_threads(1) : () }
    return Probe(
      .init(measurand, size: bytes, threads: arenas.count),
      work: Double(part * arrays * arenas.count), warmUp: pieces <= 4 ? pieces : 1,
      prepare: prepare
    ) { thread, count in
      let sink = sinks[thread].start
      // The second word of the sink is the piece that comes next.
      var next = Int((sink + 32).load(as: UInt32.self)) % pieces
      for _ in 0..<count {
        let start = arenas[thread].start + next * part
        let step = part * pieces + skew
        run(measurand, start, step: step, bytes: part, sink: sink)
        next = next + 1 == pieces ? 0 : next + 1
      }
      (sink + 32).storeBytes(of: UInt32(next), as: UInt32.self)
    }
  }

  @inline(__always)
  private static func run(
    _ measurand: Measurand, _ start: UnsafeMutableRawPointer, step: Int, bytes: Int,
    sink: UnsafeMutableRawPointer
  ) {
    let a = start.assumingMemoryBound(to: SIMD8<Float>.self)
    let b = (start + step).assumingMemoryBound(to: SIMD8<Float>.self)
    switch measurand {
    case .read: sink.storeBytes(of: sum(a, count: bytes / 32), as: SIMD8<Float>.self)
    case .readDot:
      let count = Int32(bytes / 4)
      let sum = cblas_sdot(
        count, start.assumingMemoryBound(to: Float.self), 1,
        (start + step).assumingMemoryBound(to: Float.self), 1)
      sink.storeBytes(of: sum, as: Float.self)
    case .copy: copy(b, into: a, count: bytes / 32)
    default:
      let c = (start + 2 * step).assumingMemoryBound(to: SIMD8<Float>.self)
      triad(b, c, into: a, count: bytes / 32)
    }
  }

  @inline(never)
  private static func sum(_ a: UnsafePointer<SIMD8<Float>>, count: Int) -> SIMD8<Float> {
    var (s0, s1) = (SIMD8<Float>(), SIMD8<Float>())
    var (s2, s3) = (SIMD8<Float>(), SIMD8<Float>())
    for index in stride(from: 0, to: count, by: 4) {
      s0 += a[index]
      s1 += a[index + 1]
      s2 += a[index + 2]
      s3 += a[index + 3]
    }
    return (s0 + s1) + (s2 + s3)
  }

  @inline(never)
  private static func copy(
    _ source: UnsafePointer<SIMD8<Float>>, into target: UnsafeMutablePointer<SIMD8<Float>>,
    count: Int
  ) {
    for index in stride(from: 0, to: count, by: 4) {
      let (x, y) = (source[index], source[index + 1])
      let (z, w) = (source[index + 2], source[index + 3])
      target[index] = x
      target[index + 1] = y
      target[index + 2] = z
      target[index + 3] = w
    }
  }

  @inline(never)
  private static func triad(
    _ b: UnsafePointer<SIMD8<Float>>, _ c: UnsafePointer<SIMD8<Float>>,
    into a: UnsafeMutablePointer<SIMD8<Float>>, count: Int
  ) {
    for index in stride(from: 0, to: count, by: 4) {
      a[index] = b[index] + c[index] * 0.5
      a[index + 1] = b[index + 1] + c[index + 1] * 0.5
      a[index + 2] = b[index + 2] + c[index + 2] * 0.5
      a[index + 3] = b[index + 3] + c[index + 3] * 0.5
    }
  }
}
