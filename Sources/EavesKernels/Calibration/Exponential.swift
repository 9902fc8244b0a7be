/// The rate of exp on vectors of floats, as softmax and scans need it (`LaneMath`).
enum Exponential {
  private static let elements = 2048

  static func probes(threads: Int) -> [Probe] {
    let inputs = (0..<threads).map { _ in AlignedBuffer(bytes: 4 * elements, filling: -1.5) }
    let outputs = (0..<threads).map { _ in AlignedBuffer(bytes: 4 * elements) }
    let work = Double(elements * threads)
    return [
      Probe(.init(.exponential, size: elements, threads: threads), work: work) { thread, count in
        let (input, output) = (inputs[thread].floats, outputs[thread].floats)
        for _ in 0..<count { run(input, into: output, count: elements) }
      }
    ]
  }

  @inline(never)
  private static func run(
    _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in stride(from: 0, to: count, by: Lanes.width) {
      LaneMath.exp(Lanes(input + index)).store(output + index)
    }
  }
}
