/// exp on vectors of eight floats, as softmax and scans need it.
///
/// 2ⁿ·p(r) with n = round(x / ln 2), r = x − n·ln 2 and the Taylor polynomial of degree 7, whose remainder on
/// |r| ≤ ln 2 / 2 is below 10⁻⁸; rounding is by adding and subtracting 1.5·2²³, which takes no library call.
enum Exponential {
  private static let elements = 2048

  static func probes(threads: Int) -> [Probe] {
    let inputs = (0..<threads).map { _ in AlignedBuffer(bytes: 4 * elements, filling: -1.5) }
    let outputs = (0..<threads).map { _ in AlignedBuffer(bytes: 4 * elements) }
    let work = Double(elements * threads)
    return [
      Probe(.init(.exponential, size: elements, threads: threads), work: work) { thread, count in
        let (input, output) = (inputs[thread].vectors, outputs[thread].vectors)
        for _ in 0..<count { run(input, into: output, vectors: elements / 8) }
      }
    ]
  }

  @inline(never)
  private static func run(
    _ input: UnsafePointer<SIMD8<Float>>, into output: UnsafeMutablePointer<SIMD8<Float>>,
    vectors: Int
  ) {
    for index in 0..<vectors { output[index] = exp(input[index]) }
  }

  /// exp of each lane; below −87 it is that of −87, above 88 that of 88.
  @inline(__always)
  static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let low = SIMD8<Float>(repeating: -87)
    let high = SIMD8<Float>(repeating: 88)
    var x = x.replacing(with: low, where: x .< low)
    x = x.replacing(with: high, where: x .> high)
    let shifted = x * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    // ln 2 in two parts: the first has few digits, so that n times it is exact.
    let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
    var p = r * 1.984_127e-4 + 1.388_889e-3
    p = p * r + 8.333_333_8e-3
    p = p * r + 4.166_666_8e-2
    p = p * r + 1.666_666_7e-1
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    // The low bits of `shifted` hold n; added to the exponent they multiply by 2ⁿ.
    let bits = SIMD8<UInt32>(bitPattern: shifted) &<< 23
    return SIMD8<Float>(bitPattern: SIMD8<UInt32>(bitPattern: p) &+ bits)
  }
}

extension SIMD8<UInt32> {
  /// The bits of floats.
  @inline(__always)
  fileprivate init(bitPattern x: SIMD8<Float>) { self = unsafeBitCast(x, to: Self.self) }
}

extension SIMD8<Float> {
  /// Floats of bits.
  @inline(__always)
  fileprivate init(bitPattern x: SIMD8<UInt32>) { self = unsafeBitCast(x, to: Self.self) }
}
