import Eaves
import EavesCatalog
import Quantities

/// How long the cost of one step takes: every operation and level, three latencies, bound and energy.
struct StepBenchmark {
  /// A model on a chip in one phase, evaluated as a cost or as a whole result row.
  struct Workload {
    let weights: String
    let chip: String
    let phase: Phase
    let isRow: Bool

    var name: String { "\(isRow ? "row" : "step").\(phase.rawValue).\(weights).\(chip)" }

    static let all: [Workload] = [false, true].flatMap { isRow in
      ["nvidia-a100-sxm-80", "apple-m2-max-38"].flatMap { chip in
        ["bf16", "q4_k_m"].flatMap { weights in
          Phase.allCases.map { Workload(weights: weights, chip: chip, phase: $0, isRow: isRow) }
        }
      }
    }
  }

  /// Sum of all times, so that no evaluation can be left out.
  private(set) var checksum = 0.0
  private var plan: Plan
  private var settings: StepSettings
  private let isRow: Bool

  init(_ workload: Workload) throws {
    plan = try Resolver().plan([
      .model: "llama-3.1-8b", .chip: workload.chip, .weights: workload.weights,
    ])
    settings = StepSettings()
    settings.phase = workload.phase
    isRow = workload.isRow
    try check()
  }

  /// What a step costs is the sum over its operations, in this release build too: the tests run in debug, and
  /// an optimiser has misread counts before.
  private mutating func check() throws {
    let step = plan.step(settings)
    let cost = plan.evaluate(step)
    let operations = plan.breakdown(step).map(\.operation)
    func check(_ name: String, _ fast: Double, _ count: (Operation) -> Double) throws {
      let sum = operations.reduce(0) { $0 + $1.repeats * count($1) }
      guard abs(fast - sum) <= 1e-9 * abs(sum) else {
        throw WrongResult(description: "\(name) of a step: \(fast), of its operations: \(sum)")
      }
    }
    for role in Operand.Role.allCases {
      try check("\(role)", cost.bytes[role].value) { $0.bytes[role].value }
    }
    try check("matrix work", cost.matrix.value) { $0.work.matrix.value }
    try check("lane operations", cost.vector.value) { $0.work.vector.value }
    try check("special functions", cost.special.value) { $0.work.special.value }
  }

  /// A step that costs something else than its operations.
  private struct WrongResult: Error, CustomStringConvertible {
    let description: String
  }

  /// Evaluates `count` steps at contexts that differ.
  mutating func run(_ count: Int) {
    for index in 0..<count {
      settings.context = 512 + index & 0x3FFF
      if isRow {
        checksum += plan.row(settings).cost.expected.value
      } else {
        checksum += plan.evaluate(plan.step(settings)).expected.value
      }
    }
  }

  static func report() throws {
    let reference = ReferenceLoop.nanoseconds()
    print("reference loop: \(significant(reference)) ns")
    print(padded("workload", 45) + "a second      ns      reference loops")
    for workload in Workload.all {
      var benchmark = try StepBenchmark(workload)
      let count = 1000
      let time = Stopwatch.nanoseconds(samples: 200) { benchmark.run(count) } / Double(count)
      print(
        padded(workload.name, 45) + padded(grouped(Int(1e9 / time)), 14) + padded("\(Int(time))", 8)
          + significant(time / reference))
    }
  }
}
