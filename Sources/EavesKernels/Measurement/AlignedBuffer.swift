/// Memory of its own for timed code: aligned to pages, never moved, freed with its owner.
public final class AlignedBuffer {
  /// The first byte.
  public let start: UnsafeMutableRawPointer
  /// How many bytes there are.
  public let count: Int

  /// Memory filled with one value, every page of it touched.
  public init(bytes: Int, filling value: Float = 1) {
    count = (max(bytes, 1) + 63) / 64 * 64
    start = .allocate(byteCount: count, alignment: 4096)
    start.initializeMemory(
      as: SIMD16<Float>.self, repeating: SIMD16(repeating: value), count: count / 64)
  }

  deinit { start.deallocate() }

  /// The memory as floats.
  public var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }

  /// The memory as doubles.
  public var doubles: UnsafeMutablePointer<Double> { start.assumingMemoryBound(to: Double.self) }

  /// The memory as vectors of eight floats.
  public var vectors: UnsafeMutablePointer<SIMD8<Float>> {
    start.assumingMemoryBound(to: SIMD8<Float>.self)
  }
}
