/// The rate of multiplications and additions on vectors, from registers alone.
///
/// Pure Swift: `a * b + c` on SIMD types, which every target has (a fused multiply-add would be a library
/// call on x86-64 without flags). It is what portable Swift kernels can reach, which may be less than what
/// the processor can.
enum VectorPeak {
  /// How many independent sums: few for small register files, more where latency has to be hidden.
  static let chains = [6, 12]

  /// Two floating-point operations a lane and chain, `repeats` times an iteration.
  private static let repeats = 256

  static func probes(threads: Int) -> [Probe] {
    // Start and factor come from memory, so that nothing can be computed beforehand.
    let memory = (0..<threads).map { _ in AlignedBuffer(bytes: 128, filling: 0.5) }
    return chains.flatMap { chains in
      [
        probe(.vectorF32, lanes: 8, chains, threads) { thread, count in
          let sink = memory[thread].start
          let x = sink.load(as: SIMD8<Float>.self)
          let sum = chains == 6 ? six(x, x, count) : twelve(x, x, count)
          (sink + 64).storeBytes(of: sum, as: SIMD8<Float>.self)
        },
        probe(.vectorF64, lanes: 4, chains, threads) { thread, count in
          let sink = memory[thread].start
          let x = sink.load(as: SIMD4<Double>.self)
          let sum = chains == 6 ? six(x, x, count) : twelve(x, x, count)
          (sink + 64).storeBytes(of: sum, as: SIMD4<Double>.self)
        },
      ]
    }
  }

  private static func probe(
    _ measurand: Measurand, lanes: Int, _ chains: Int, _ threads: Int,
    body: @escaping (_ thread: Int, _ iterations: Int) -> Void
  ) -> Probe {
    Probe(
      .init(measurand, size: chains, threads: threads),
      work: Double(2 * lanes * chains * repeats * threads), body: body)
  }

  @inline(__always)
  private static func six<V: SIMD>(_ start: V, _ factor: V, _ count: Int) -> V
  where V.Scalar: BinaryFloatingPoint {
    var (a, b, c) = (start, start + 1, start + 2)
    var (d, e, f) = (start + 3, start + 4, start + 5)
    for _ in 0..<count * repeats {
      a = a * factor + start
      b = b * factor + start
      c = c * factor + start
      d = d * factor + start
      e = e * factor + start
      f = f * factor + start
    }
    return (a + b) + (c + d) + (e + f)
  }

  @inline(__always)
  private static func twelve<V: SIMD>(_ start: V, _ factor: V, _ count: Int) -> V
  where V.Scalar: BinaryFloatingPoint {
    var (a, b, c) = (start, start + 1, start + 2)
    var (d, e, f) = (start + 3, start + 4, start + 5)
    var (g, h, i) = (start + 6, start + 7, start + 8)
    var (j, k, l) = (start + 9, start + 10, start + 11)
    for _ in 0..<count * repeats {
      a = a * factor + start
      b = b * factor + start
      c = c * factor + start
      d = d * factor + start
      e = e * factor + start
      f = f * factor + start
      g = g * factor + start
      h = h * factor + start
      i = i * factor + start
      j = j * factor + start
      k = k * factor + start
      l = l * factor + start
    }
    return (a + b) + (c + d) + (e + f) + ((g + h) + (i + j) + (k + l))
  }
}
