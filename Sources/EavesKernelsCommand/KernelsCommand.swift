import ArgumentParser
import Eaves
import EavesCatalog
import EavesKernels

/// `eaves-kernels validate kernels`: predicted against measured times, and counts.
struct Kernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict kernels, run them, and compare.",
    discussion: """
      One row a kernel and shape, on one thread: predicted lower, expected and upper time, what it took, the error, and \
      whether the work that it did is the work predicted (docs/validation.md). Predictions rest on pieces of kernels \
      in a chip profile that "eaves calibrate host" wrote; without one they are measured first. A summary by family \
      goes to standard error. The exit code is 1 where counts differ or a kernel was faster than its lower bound.

      With --counts nothing is timed: one row a reference kernel and shape with its error in float32, and with matrix \
      FLOPs and special functions counted beside those that are predicted.

      EXAMPLE: eaves validate kernels --counts --family matmul
      """)

  @ArgumentParser.Option(
    help: ArgumentHelp("The profile of this machine.", valueName: "host.json"))
  var on: String?

  @ArgumentParser.Option(help: "Only one kernel family.")
  var family: String?

  @Flag(help: "Results and counts of the reference kernels alone.")
  var counts = false

  @ArgumentParser.Option(help: "Rounds over all shapes; more find faster runs.")
  var rounds = 4

  @ArgumentParser.Option(help: "Threads of OpenBLAS with --counts, set explicitly.")
  var threads = 1

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: \(threads) is out of range; write 1 to 256")
    }
    guard threads == 1 || counts else {
      throw ValidationError(
        "--threads: kernels are timed on one thread; leave it out, or write --counts")
    }
    guard (1...100).contains(rounds) else {
      throw ValidationError("--rounds: \(rounds) is out of range; write 1 to 100")
    }
    let families = counts ? KernelList.families : TimedKernelList.families + untimed
    if let family, !families.contains(family) {
      throw ValidationError(
        "--family: no family \(family); write one of \(families.joined(separator: ", "))")
    }
    if counts, on != nil {
      throw ValidationError("--on: --counts predicts no time; leave one of them out")
    }
  }

  func run() throws {
    BLASThreads.set(threads)
    do {
      try counts ? compareCounts() : compareTimes()
    } catch let error as DataError {
      StandardError.line("eaves: \(error.description)")
      throw ExitCode(error.kind.exitCode)
    }
  }

  /// Families that are counted, and that no timed kernel stands for.
  private var untimed: [String] {
    let timed = Set(TimedKernelList.families.compactMap(TimedKernelList.counted(as:)))
    return KernelList.families.filter {
      !timed.contains($0) && !TimedKernelList.families.contains($0)
    }
  }

  private func compareCounts() throws {
    print(CountsTable.header)
    var failed = false
    for check in try KernelList.checks(family: family) {
      failed = failed || !check.holds
      print(check.row)
    }
    if failed { throw ExitCode(1) }
  }

  private func compareTimes() throws {
    let validation = try validation()
    var failed = false
    print(TimesTable.header)
    var progress = CalibrationProgress()
    let comparisons =
      try family.map(untimed.contains) ?? false
      ? [] : validation.run(family: family) { progress.show($0) }
    progress.finish()
    var counted: [String: Bool] = [:]
    for comparison in comparisons {
      let name = TimedKernelList.counted(as: comparison.family) ?? comparison.family
      let holds = try counted[name] ?? KernelList.checks(family: name).allSatisfy(\.holds)
      counted[name] = holds
      failed = failed || !holds || comparison.respectsLowerBound == false
      print(TimesTable.row(comparison, countsEqual: holds))
    }
    for name in untimed where family == nil || family == name {
      let holds = try KernelList.checks(family: name).allSatisfy(\.holds)
      failed = failed || !holds
      print(TimesTable.untimed(name, countsEqual: holds))
    }
    for line in TimeReport.lines(comparisons) { StandardError.line(line) }
    if failed { throw ExitCode(1) }
  }

  /// Against the profile that is named, or against one that is measured now.
  private func validation() throws -> TimeValidation {
    if let on {
      let chip = try Catalog.shipped.chip(named: on).value
      guard let validation = TimeValidation(chip, rounds: rounds) else {
        throw DataError(
          .badData, "\(on): kernels: missing, so the time of no kernel can be predicted",
          remedy: "measure it with `eaves calibrate host --output host.json`")
      }
      return validation
    }
    StandardError.line(
      "eaves: note: no --on: this machine is measured briefly first; a full calibration predicts better"
    )
    let topology = Topology.host
    var progress = CalibrationProgress()
    let host = Calibration(topology: topology, plan: .quick(threads: topology.processors)).run {
      progress.show($0)
    }
    progress.finish()
    let text = HostProfile(host, id: "host").text
    let chip = try Chip(parsing: Array(text.utf8), file: "the profile")
    guard let validation = TimeValidation(chip, rounds: rounds) else {
      throw DataError(
        .badData, "no bandwidth could be measured on this machine",
        remedy: "try again when it is less busy")
    }
    return validation
  }
}

/// Rows of `validate kernels --counts`.
enum CountsTable {
  static let header =
    "family,shape,relative_error,tolerance,within_tolerance,counted_matrix_flop,"
    + "predicted_matrix_flop,counted_special,predicted_special,unpredicted_special,counts_equal"
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
