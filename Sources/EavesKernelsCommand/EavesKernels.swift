import ArgumentParser
import EavesKernels

/// The companion that needs OpenBLAS.
///
/// `eaves` runs it from its own folder or the path.
@main
struct EavesKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eaves-kernels",
    abstract: "Runs the kernels that Eaves predicts, on OpenBLAS.",
    subcommands: [Calibrate.self, Validate.self])
}

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare predictions with what this machine does.", subcommands: [Kernels.self])
}

struct Kernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run each kernel against its float64 oracle.",
    discussion: """
      The matmul family only, so far: numerical error, not yet time.

      EXAMPLE: eaves-kernels validate kernels --threads 1
      """)

  @ArgumentParser.Option(help: "Threads of OpenBLAS, set explicitly.")
  var threads = 1

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: \(threads) is out of range; write 1 to 256")
    }
  }

  func run() throws {
    MatmulBLAS.setThreads(threads)
    print("family,shape,relative_error,tolerance,within_tolerance")
    var failed = false
    for shape in KernelCheck.shapes {
      let check = try KernelCheck.matmul(m: shape.m, n: shape.n, k: shape.k)
      failed = failed || !check.isWithinTolerance
      print(
        "\(check.family),\(check.shape),\(check.error),\(check.tolerance),\(check.isWithinTolerance)"
      )
    }
    if failed { throw ExitCode(1) }
  }
}
