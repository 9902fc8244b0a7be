import Eaves
import Quantities
import Testing

/// lower ≤ expected ≤ upper, over every shipped model and a seeded sample of everything else.
@Suite struct LatencyOrderTests {
  private static let weights = [
    "published", "f16", "q8_0", "q4_k_m", "iq2_xs", "int4/128+f16", "f8e4m3", "mxfp4",
  ]

  @Test(arguments: Shipped.models)
  func theThreeLatenciesAreOrderedFiniteAndPositive(model: String) throws {
    var random = SplitMix64(seed: model.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    var evaluated = 0
    for _ in 0..<8 {
      let chip = try #require(Shipped.chips.randomElement(using: &random))
      let runtime = try #require(Shipped.runtimes.randomElement(using: &random))
      var options: [Option: String] = [:]
      options[.weights] = Self.weights.randomElement(using: &random)
      options[.schedule] = Schedule.allCases.randomElement(using: &random)?.rawValue
      options[.kv] = ["f16", "q8_0", "q4_0"].randomElement(using: &random)
      options[.batch] = "\(1 << Int.random(in: 0...8, using: &random))"
      options[.context] = "\(Int.random(in: 1...20_000, using: &random))"
      guard var plan = try Self.plan(model, chip, runtime, options) else { continue }
      for phase in Phase.allCases {
        var step = plan.settings.step
        step.phase = phase
        try Self.check(&plan, step)
      }
      evaluated += 1
    }
    // Some chips lack a figure, and say so; most do not.
    #expect(evaluated >= 3)
  }

  /// `nil` where the chip lacks a figure that the answer needs.
  private static func plan(
    _ model: String, _ chip: String, _ runtime: String, _ options: [Option: String]
  ) throws -> Plan? {
    do {
      return try Shipped.plan(model, on: chip, under: runtime, options)
    } catch PlanError.missing(let figure) {
      #expect(figure.chip == chip && !figure.field.isEmpty && !figure.purpose.isEmpty)
      return nil
    }
  }

  private static func check(_ plan: inout Plan, _ settings: StepSettings) throws {
    let step = plan.step(settings)
    let cost = plan.evaluate(step)
    // The order holds of the sums themselves, not because one is raised to the other.
    var expected = plan.machine.profile.stepOverhead.value
    expected += plan.machine.profile.layerOverhead.value * Double(plan.model.layerCount)
    var upper = expected
    var unordered: [Operation.ID] = []
    for (operation, part) in plan.breakdown(step) {
      if !(part.longest <= part.sum && part.expected <= part.sum * (1 + 1e-12)) {
        unordered.append(operation.id)
      }
      expected += operation.repeats * part.expected
      upper += operation.repeats * part.sum
    }
    let labels = plan.labels
    #expect(unordered == [], "\(labels) \(step)")
    #expect(cost.lower > .zero && cost.upper.value.isFinite, "\(labels) \(step)")
    #expect(
      cost.lower <= cost.expected && cost.expected <= cost.upper, "\(labels) \(step)")
    #expect(cost.lower <= expected * (1 + 1e-9), "\(labels) \(step)")
    #expect(abs(cost.expected / expected - 1) < 1e-9, "\(labels) \(step)")
    #expect(abs(cost.upper / upper - 1) < 1e-9, "\(labels) \(step)")
    #expect(cost.energy > .zero && cost.energy.value.isFinite, "\(labels) \(step)")
    #expect(cost.energyBand.contains(cost.energy), "\(labels) \(step)")
  }
}
