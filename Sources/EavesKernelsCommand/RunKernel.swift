import ArgumentParser
import Eaves
import EavesKernels
import Quantities

/// `eaves-kernels run`: one kernel and nothing else, for tools that count what a process does (`Scripts/compare-misses`).
struct RunKernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run one timed kernel a number of times; or list what it should bring into a cache.",
    shouldDisplay: false)

  @ArgumentParser.Option(help: "The kernel family.")
  var family: String?

  @ArgumentParser.Option(help: "The shape, as the tables of times and misses write it.")
  var shape: String?

  @ArgumentParser.Option(help: "Runs.")
  var times = 1

  @Flag(help: "List kernels, shapes, capacities and predicted bytes as CSV, and run nothing.")
  var predict = false

  func validate() throws {
    guard (0...1_000_000).contains(times) else {
      throw ValidationError("--times: \(times) is out of range; write 0 to 1000000")
    }
    guard predict || (family != nil && shape != nil) else {
      throw ValidationError("--family and --shape say what to run; or write --predict")
    }
  }

  func run() throws {
    if predict { return try list() }
    let shapes = try MissList.cases().map(\.shape) + TimedKernelList.shapes(family: family)
    guard let found = shapes.first(where: { $0.family == family && $0.shape == shape }) else {
      throw ValidationError(
        "--shape: no shape \(shape ?? "") of \(family ?? ""); eaves-kernels run --predict lists some"
      )
    }
    BLASThreads.set(1)
    let kernel = found.make()
    for _ in 0..<times { kernel.run() }
  }

  private func list() throws {
    print(
      "family,shape,working_set_bytes,cache_bytes,runs,compulsory_bytes,operand_bytes,"
        + "predicted_bytes,tolerance")
    for kernel in try MissList.cases() where family.map({ $0 == kernel.shape.family }) ?? true {
      for capacity in kernel.capacities {
        let cells = [
          kernel.shape.workingSetBytes, Int(capacity.value), kernel.runs,
          Int(kernel.compulsory.value), Int(kernel.operandBytes(capacity).value),
          Int(kernel.predicted(capacity).value),
        ]
        print(
          ([kernel.shape.family, kernel.shape.shape] + cells.map { "\($0)" }
            + ["\(kernel.tolerance)"]).joined(separator: ","))
      }
    }
  }
}
