import EavesCatalog
import EavesReport

/// The benchmarks: what a step, a row and a command cost.
///
/// `Benchmarks/README.md` says what each figure means; `make benchmark` prints them all.
@main
struct EavesBenchmarks {
  static let usage = """
    usage: EavesBenchmarks steps                  evaluations a second
           EavesBenchmarks rows                   rows of CSV a second
           EavesBenchmarks command EAVES          CPU time of one cold command, memory of a sweep
           EavesBenchmarks names                  the workloads that repeat takes
           EavesBenchmarks repeat WORKLOAD COUNT  one workload COUNT times, for callgrind
    """

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    switch (arguments.popFirst(), arguments.popFirst(), arguments.popFirst()) {
    case ("steps", nil, nil): try StepBenchmark.report()
    case ("rows", nil, nil): try SweepBenchmark.report()
    case ("command", let eaves?, nil): try CommandBenchmark(eaves: eaves).report()
    case ("names", nil, nil): for workload in StepBenchmark.Workload.all { print(workload.name) }
    case ("repeat", let name?, let count?) where name.hasPrefix("sweep"):
      let resolver = Resolver()
      for _ in 0..<(Int(count) ?? 0) {
        _ = try SweepBenchmark.write(
          SweepBenchmark.sweeps[Int(name.dropFirst(5)) ?? 0].sweep, resolver, ResultColumns.all)
      }
    case ("repeat", let name?, let count?):
      guard let workload = StepBenchmark.Workload.all.first(where: { $0.name == name }),
        let count = Int(count)
      else { return print(usage) }
      var benchmark = try StepBenchmark(workload)
      benchmark.run(count)
      print(benchmark.checksum)
    default: print(usage)
    }
  }
}
