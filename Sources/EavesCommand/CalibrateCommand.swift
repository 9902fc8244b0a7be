import ArgumentParser

/// `eaves calibrate`: what this machine reaches.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate", abstract: "Measure this machine and write a chip profile of it.",
    discussion: "EXAMPLE: eaves calibrate host --quick --output host.json",
    subcommands: [Host.self, Runtime.self], defaultSubcommand: Host.self)

  struct Host: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure this machine (by eaves-kernels); the default.",
      discussion: "EXAMPLE: eaves calibrate host --quick --output host.json")

    @Argument(parsing: .captureForPassthrough, help: "Options of eaves-kernels calibrate host.")
    var rest: [String] = []

    func run() throws { try Companion.run(["calibrate", "host"] + rest) }
  }

  struct Runtime: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What measurements say of a software stack: not there yet.",
      shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough) var rest: [String] = []

    func run() throws {
      throw ValidationError(
        "calibrate runtime is not there yet; eaves calibrate host measures this machine")
    }
  }
}
