import Eaves
import Testing

@testable import EavesCatalog

/// Steps come in the order of the grid, each with the step it is compared with.
@Suite struct StepGridTests {
  static let grid = Grid([
    Axis(.phase, values: ["prefill", "decode"]), Axis(.weights, values: ["f16", "q8_0"]),
    Axis(.batch, values: ["1", "4", "9"]), Axis(.context, values: ["1k", "77"]),
  ])

  @Test func stepsAreThoseOfTheGrid() throws {
    var expected: [StepSettings] = []
    try Self.grid.inner.forEach { values in expected.append(try Settings(values).step) }
    var steps: [StepSettings] = []
    try StepGrid(Self.grid, baseline: [:]).forEach { step, reference in
      steps.append(step)
      #expect(reference.settings == step)
      #expect(reference.index == steps.count - 1)
    }
    #expect(steps == expected)
    #expect(steps.count == 12)
  }

  @Test func aBaselineReplacesItsOptions() throws {
    let baseline: [Option: String] = [.batch: "4", .prompt: "33", .weights: "f16"]
    let steps = try StepGrid(Self.grid, baseline: baseline)
    var seen: [Int: StepSettings] = [:]
    steps.forEach { step, reference in
      var expected = step
      expected.batch = 4
      expected.prompt = 33
      #expect(reference.settings == expected)
      #expect(seen[reference.index] ?? expected == expected)
      seen[reference.index] = expected
    }
    #expect(seen.keys.sorted() == Array(0..<4))
    #expect(steps.referenceCount == 4)
  }

  @Test func anEncoderHasOnePass() throws {
    var phases: Set<Phase> = []
    try StepGrid(Self.grid, baseline: [:]).forEach(onePhase: true) { step, _ in
      phases.insert(step.phase)
    }
    #expect(phases == [.prefill])
  }

  @Test func aBadValueIsNamed() {
    #expect(throws: OptionError.self) {
      try StepGrid(Grid([Axis(.batch, values: ["2", "zero"])]), baseline: [:])
    }
  }
}
