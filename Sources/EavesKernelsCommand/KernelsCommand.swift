import ArgumentParser
import EavesKernels

struct Kernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run each kernel against its float64 oracle and count what it does.",
    discussion: """
      One row a kernel and shape: its error in float32, and matrix FLOPs and special functions counted beside those
      that are predicted. The exit code is 1 where an error is beyond its tolerance or counts differ. Not yet time.

      EXAMPLE: eaves-kernels validate kernels --family matmul
      """)

  @ArgumentParser.Option(help: "Only one kernel family.")
  var family: String?

  @ArgumentParser.Option(help: "Threads of OpenBLAS, set explicitly.")
  var threads = 1

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: \(threads) is out of range; write 1 to 256")
    }
    if let family, !KernelList.families.contains(family) {
      throw ValidationError(
        "--family: no family \(family); write one of \(KernelList.families.joined(separator: ", "))"
      )
    }
  }

  func run() throws {
    MatmulBLAS.setThreads(threads)
    print(
      "family,shape,relative_error,tolerance,within_tolerance,counted_matrix_flop,"
        + "predicted_matrix_flop,counted_special,predicted_special,unpredicted_special,counts_equal"
    )
    var failed = false
    for check in try KernelList.checks(family: family) {
      failed = failed || !check.holds
      print(check.row)
    }
    if failed { throw ExitCode(1) }
  }
}

extension KernelCheck {
  /// The cells of a row; counts are empty for a library, which cannot be counted.
  var row: String {
    let counted =
      counts.map {
        [
          Self.cell($0.matrix), Self.cell($0.predictedMatrix), "\($0.special)",
          Self.cell($0.predictedSpecial), "\($0.unpredictedSpecial)", "\($0.areEqual)",
        ]
      } ?? Array(repeating: "", count: 6)
    return
      (["\(family)", Self.quoted(shape), "\(error)", "\(tolerance)", "\(isWithinTolerance)"]
      + counted).joined(separator: ",")
  }

  /// A text as a CSV cell.
  private static func quoted(_ text: String) -> String {
    text.contains(",") ? "\"\(text)\"" : text
  }

  /// A whole number without a fraction.
  private static func cell(_ value: Double) -> String {
    value == value.rounded() ? "\(Int64(value))" : "\(value)"
  }
}
