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
    subcommands: [Calibrate.self, Validate.self, Formats.self, Models.self, RunKernel.self])
}

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare predictions with what this machine does.",
    subcommands: [Kernels.self, Pruning.self])
}
