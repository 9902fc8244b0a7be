/// Products of 8-bit integers summed in 32 bits, on portable SIMD types.
///
/// No target without flags has dot-product instructions, so this is what Swift kernels reach, not the peak
/// of the processor.
enum IntegerDot {
  private static let bytes = 8192

  static func probes(threads: Int) -> [Probe] {
    let buffers = (0..<threads).map { _ in AlignedBuffer(bytes: 2 * bytes + 64) }
    let work = Double(2 * bytes * threads)
    return [
      Probe(.init(.integerDot, size: bytes, threads: threads), work: work) { thread, count in
        let start = buffers[thread].start
        for _ in 0..<count {
          let sum = dot(start, start + bytes, count: bytes)
          (start + 2 * bytes).storeBytes(of: sum, as: Int32.self)
        }
      }
    ]
  }

  /// Σ aᵢ·bᵢ over signed bytes; `count` is a multiple of 16.
  ///
  /// Two bytes at a time as one 16-bit integer, whose halves are taken apart by shifts, and their products
  /// likewise: conversions between lane widths take many instructions without extensions.
  @inline(never)
  static func dot(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, count: Int) -> Int32 {
    var low = SIMD4<Int32>()
    var high = SIMD4<Int32>()
    for offset in stride(from: 0, to: count, by: 16) {
      let x = (a + offset).loadUnaligned(as: SIMD8<Int16>.self)
      let y = (b + offset).loadUnaligned(as: SIMD8<Int16>.self)
      add(((x &<< 8) &>> 8) &* ((y &<< 8) &>> 8), &low, &high)
      add((x &>> 8) &* (y &>> 8), &low, &high)
    }
    return (low &+ high).wrappedSum()
  }

  /// Adds eight products, each of which fits in 16 bits.
  @inline(__always)
  private static func add(
    _ products: SIMD8<Int16>, _ low: inout SIMD4<Int32>, _ high: inout SIMD4<Int32>
  ) {
    let pairs = unsafeBitCast(products, to: SIMD4<Int32>.self)
    low &+= (pairs &<< 16) &>> 16
    high &+= pairs &>> 16
  }
}
