import EavesKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The speed of the timed kernels.
///
/// `Benchmarks/README.md` says what each figure means; `make kernel-speeds` prints them.
@main
struct KernelSpeeds {
  static let usage = """
    usage: KernelSpeeds ratios [SECONDS]          kernels against what bounds them
           KernelSpeeds grid [SECONDS] [FAMILY]   the time of each shape, for so long each
           KernelSpeeds check                     results on small shapes; ends with 1 where one is wrong
    """

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    switch arguments.popFirst() {
    case "ratios": try printRatios(seconds: arguments.popFirst().flatMap(Double.init) ?? 15)
    case "grid":
      let seconds = arguments.popFirst().flatMap(Double.init) ?? 0.1
      try printGrid(seconds: seconds, family: arguments.popFirst())
    case "check": try check()
    default: print(usage)
    }
  }

  /// kernel, shape, rate, reference, its rate, ratio, wanted.
  private static func printRatios(seconds: Double) throws {
    BLASThreads.set(1)
    print("\(MatmulBLAS.configuration), \(Lanes.scalarCount) lanes")
    for speed in try SpeedComparison.all(seconds: seconds, progress: { _ in }) {
      let wanted = speed.wanted.map { ", wanted \($0)" } ?? ""
      print(
        "\(speed.kernel): \(digits(speed.rate / 1e9)) G\(speed.unit)/s, \(speed.reference) "
          + "\(digits(speed.referenceRate / 1e9)), ratio \(digits(speed.ratio))\(wanted), "
          + "spread \(digits(100 * speed.spread)) %")
    }
  }

  /// Each small shape against its definition in float64.
  private static func check() throws {
    print(MatmulBLAS.configuration)
    let checks = try TimedKernelList.checks()
    for check in checks where !check.isWithinTolerance {
      print("\(check.family) \(check.shape): \(check.error)")
    }
    let worst = checks.map(\.error).max() ?? .infinity
    let wrong = checks.count { !$0.isWithinTolerance }
    print("\(checks.count) kernels, \(wrong) wrong, worst error \(worst)")
    if wrong > 0 { exit(1) }
  }

  private static func printGrid(seconds: Double, family: String?) throws {
    print("family,shape,held_out,working_set_bytes,seconds,spread")
    for shape in try TimedKernelList.shapes(family: family) {
      for time in ShapeTimes.measure([shape], seconds: seconds) {
        print(
          "\(shape.family),\(shape.shape),\(shape.isHeldOut),\(shape.workingSetBytes),"
            + "\(time.seconds),\(digits(time.spread))")
      }
    }
  }

  /// A number with three decimals.
  private static func digits(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
  }
}
