import Quantities
import Testing

@testable import Eaves

/// What lies behind a link comes while other layers compute: only what the step does not hide is waited for.
@Suite struct LinkTests {
  private static func plan(_ cache: String, on chip: String = "nvidia-rtx4090") throws -> Plan {
    try Shipped.plan(
      "llama-3.1-8b", on: chip, under: "ideal", [.cache: cache, .weights: "q4_k_m"])
  }

  /// The larger of the two times, and never less than the link alone needs.
  @Test(arguments: [8192, 32_768, 131_072])
  func fetchedEntriesTakeTheLongerOfBothTimes(context: Int) throws {
    var offloaded = try Self.plan("offload:4096")
    let step = Step.decode(context: context)
    let cost = offloaded.evaluate(step)
    let port = try #require(offloaded.machine.port(to: .host))
    let far = Double(context - 4096) * 131_072
    let link = far / port.bandwidth.value
    #expect(cost.lower.value >= link * 0.999)
    #expect(cost.expected.value >= link)
    #expect(cost.upper.value > cost.expected.value)
    #expect(cost.linkBytes.value >= far)
    if context == 131_072 {
      #expect(offloaded.machine.bound(cost.limiter, of: cost) == .link(port.id))
    }
  }

  /// A window that holds everything sends nothing.
  @Test func nothingIsFetchedThatIsNear() throws {
    var plan = try Self.plan("offload:1M")
    #expect(plan.evaluate(Step.decode(context: 8192)).linkBytes == .zero)
  }

  /// A short sum goes to all at once, a long one round the ring: whichever is sooner.
  @Test func sumsTakeTheSoonerOfTwoWays() throws {
    let port = Machine.Port(
      id: "l", bandwidth: BytesPerSecond(100e9), latency: Seconds(10e-6), hasLatency: true,
      pace: BytesPerSecond(100e9).reciprocal)
    let short = LinkUse(
      .device, bytes: Bytes(1000 * 1.5), directBytes: Bytes(3000), messages: 6)
    #expect(abs(port.seconds(short).value - (3000 / 100e9 + 10e-6)) < 1e-15)
    let long = LinkUse(.device, bytes: Bytes(1.5e9), directBytes: Bytes(3e9), messages: 6)
    #expect(abs(port.seconds(long).value - (0.015 + 60e-6)) < 1e-12)
  }

  /// Offloading where the profile has no way out is refused, naming the field.
  @Test func aChipWithoutALinkCannotOffload() throws {
    var chip = TestChip.make()
    chip.links = []
    var settings = Settings()
    try settings.set(.cache, to: "offload:4096")
    #expect(throws: PlanError.self) {
      _ = try Plan(
        try Shipped.model("llama-3.2-1b"), on: chip, under: try Shipped.runtime("ideal"), settings)
    }
  }

  /// Beside sums over NVLink it is still the host's link that an offloaded cache waits for, and neither
  /// link waits for the other.
  @Test func theLinkThatIsWaitedForIsNamed() throws {
    var plan = try Shipped.plan(
      "llama-3.1-8b", on: "nvidia-h100-sxm", under: "ideal",
      [.cache: "offload:4096", .devices: "2", .parallel: "tensor"])
    let host = try #require(plan.machine.port(to: .host))
    let device = try #require(plan.machine.port(to: .device))
    #expect(host.id != device.id)
    let cost = plan.evaluate(Step.decode(context: 65_536, batch: 4))
    #expect(plan.machine.bound(cost.limiter, of: cost) == .link(host.id))
    let far = 4.0 * (65_536 - 4096) * 131_072 / 2
    #expect(abs(cost.lower.value * host.bandwidth.value / far - 1) < 1e-3)
    // Expected is what is waited for, and what runs meanwhile.
    var near = try Shipped.plan(
      "llama-3.1-8b", on: "nvidia-h100-sxm", under: "ideal",
      [.cache: "sinks:4+4092", .devices: "2", .parallel: "tensor"])
    let rest = near.evaluate(Step.decode(context: 65_536, batch: 4)).expected
    #expect(cost.waited > .zero && cost.waited < cost.expected)
    #expect(abs((cost.expected - cost.waited) / rest - 1) < 0.05)
    let short = plan.evaluate(Step.decode(context: 4096, batch: 4))
    #expect(short.waited == .zero)
  }
}
