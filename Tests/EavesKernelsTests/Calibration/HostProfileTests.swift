import Eaves
import EavesCatalog
import Quantities
import Testing

@testable import EavesKernels

/// Findings of a made-up machine whose figures are easy to tell apart.
enum MadeUpHost {
  static let caches = [
    Topology.Cache(level: 1, bytes: 32 << 10, instances: 2, sharedBy: 1, line: 64),
    Topology.Cache(level: 2, bytes: 1 << 20, instances: 2, sharedBy: 1, line: 64),
    Topology.Cache(level: 3, bytes: 32 << 20, instances: 1, sharedBy: 2, line: 64),
  ]

  static func topology(caches: [Topology.Cache] = caches) -> Topology {
    Topology(
      name: "Made-up \"CPU\"", processors: 2, cores: 2, vectorBits: 256, caches: caches,
      memory: 16 << 30)
  }

  static func result(
    _ measurand: Measurand, _ size: Int, _ threads: Int, rate: Double, isClean: Bool = true
  ) -> Sampler.Result {
    var result = Sampler.Result(key: .init(measurand, size: size, threads: threads), work: 1)
    for round in 0..<4 {
      result.series.add((round == 0 ? 1 : 1.02) / rate, isClean: isClean, round: round)
    }
    return result
  }

  static func measurements(
    isClean: Bool = true, load: Double? = 0.1, caches: [Topology.Cache] = caches
  ) -> HostMeasurements {
    var results: [Sampler.Result] = []
    func add(_ measurand: Measurand, _ size: Int, _ threads: Int, _ rate: Double) {
      results.append(result(measurand, size, threads, rate: rate, isClean: isClean))
    }
    for threads in [1, 2] {
      let factor = Double(threads)
      add(.vectorF32, 6, threads, 40e9 * factor)
      add(.vectorF64, 6, threads, 20e9 * factor)
      add(.sgemm, 64, threads, 60e9 * factor)
      add(.sgemm, 1024, threads, 90e9 * factor)
      add(.dgemm, 512, threads, 43e9 * factor)
      add(.integerDot, 8192, threads, 30e9 * factor)
      add(.exponential, 2048, threads, 1e9 * factor)
      let curve = [(16 << 10, 180e9), (512 << 10, 90e9), (8 << 20, 60e9), (24 << 20, 25e9)]
      for (bytes, rate) in curve + [(128 << 20, 18e9)] {
        add(.read, bytes, threads, rate * factor)
        add(.triad, bytes, threads, rate * 1.1 * factor)
      }
    }
    for (bytes, time) in [
      (16 << 10, 1.2e-9), (512 << 10, 4e-9), (16 << 20, 2e-8), (128 << 20, 1.5e-7),
    ] {
      add(.latency, bytes, 1, 1 / time)
    }
    add(.callDot, 1, 1, 1 / 4.4e-9)
    add(.callVector, 1, 1, 1 / 23e-9)
    add(.callMatrix, 1, 1, 1 / 66e-9)
    add(.callMatrix, 8, 1, 1 / 126e-9)
    add(.blocks8, 4096, 1, 24e9)
    return HostMeasurements(
      topology: topology(caches: caches), threads: 2, results: results, load: load,
      date: "2026-11-21", library: "OpenBLAS 0.3.21 on Zen", isOptimised: true)
  }
}

@Suite struct HostProfileTests {
  private func chip(_ host: HostMeasurements = MadeUpHost.measurements()) throws -> Chip {
    try Chip(parsing: Array(HostProfile(host, id: "host").text.utf8), file: "host.json")
  }

  @Test func theProfileIsReadStrictlyAndHasNoContradiction() throws {
    let chip = try chip()
    #expect(chip.findings().filter { $0.severity == .error }.isEmpty)
    #expect(chip.unverifiedFigures.isEmpty)
    #expect(chip.figures.allSatisfy { $0.basis == .measured })
    #expect(chip.name.contains("Made-up \"CPU\""))
    let source = try #require(chip.sources["calibration"])
    for part in ["2026-11-21", "OpenBLAS 0.3.21 on Zen", "2 threads"] {
      #expect(source.title.contains(part))
    }
  }

  @Test func peaksAreTheFastestThatWasMeasured() throws {
    let engine = try #require(chip().engines.first { $0.kind == .vector })
    let single = try #require(engine.rates.first { $0.input == .f32 })
    #expect(single.peak.value == FLOPsPerSecond(180e9))
    #expect(try #require(single.peak.note).contains("sgemm of order 1024, 2 threads"))
    #expect(try #require(single.peak.note).contains("1 thread: 40 GFLOP/s"))
    #expect(engine.rates.first { $0.input == .f64 }?.peak.value == FLOPsPerSecond(86e9))
    #expect(!engine.rates.contains { $0.input == .i8 }, "slower than floats: a note, not a peak")
    let special = try #require(chip().engines.first { $0.kind == .special })
    #expect(special.rates.map(\.operation) == ["exp"])
    #expect(special.rates.first?.peak.value == FLOPsPerSecond(2e9))
  }

  @Test func everyFigureStatesItsSpread() throws {
    let chip = try chip()
    let peak = try #require(chip.engines.first?.rates.first?.peak)
    #expect(try #require(peak.note).contains("spread 2 % over 4 rounds, 4 of 4 samples clean"))
    let range = try #require(peak.range)
    #expect(range.upperBound == peak.value)
    #expect(abs(range.lowerBound / peak.value - 1 / 1.02) < 1e-3)
    let latency = try #require(chip.memory.first?.latency)
    #expect(latency.range?.lowerBound == latency.value)
  }

  @Test func levelsHaveTheBandwidthOfTheWorkingSetsThatNeedThem() throws {
    let memory = try chip().memory
    #expect(memory.map(\.id) == ["l1", "l2", "l3", "dram"])
    let read = memory.map { ($0.measuredBandwidth?.value.value ?? 0) / 1e9 }
    #expect(zip(read, [360, 180, 120, 36]).allSatisfy { abs($0 - $1) < 0.1 })
    let best = memory.map { ($0.bandwidth?.value.value ?? 0) / 1e9 }
    #expect(zip(best, [396, 198, 132, 39.6]).allSatisfy { abs($0 - $1) < 0.1 })
    #expect(
      memory.map { $0.capacity?.value.value } == [32768, 1_048_576, 33_554_432, 17_179_869_184])
    #expect(memory.map(\.instances) == [2, 2, 1, 1])
    let latency = memory.map { ($0.latency?.value.value ?? 0) * 1e9 }
    #expect(zip(latency, [1.2, 4, 20, 150]).allSatisfy { abs($0 - $1) < 0.1 })
  }

  @Test func theKneeSaysHowMuchOfACacheIsUsable() throws {
    let last = try #require(chip().memory.first { $0.id == "l3" })
    // √(60·18) GB/s is 32.9, between 60 at 8 MiB and 25 at 24 MiB: at 17.0 of 32 MiB.
    #expect(try abs(#require(last.usableFraction?.value.value) - 0.532) < 1e-3)
  }

  @Test func callsAreOverheadsByName() throws {
    let framework = try chip().overheads.framework
    #expect(framework.keys.sorted() == ["sdot", "sgemm", "sgemv"])
    #expect(try abs(#require(framework["sgemm"]?.value.value) - 66e-9) < 1e-12)
    #expect(try #require(framework["sgemm"]?.note).contains("order 8: 126 ns"))
  }

  @Test func aBusyMachineIsSaidInANote() throws {
    let quiet = MadeUpHost.measurements()
    #expect(quiet.disturbance == nil)
    #expect(try !chip(quiet).notes.contains { $0.text.hasPrefix("Caution") })
    #expect(MadeUpHost.measurements(load: 5.8).disturbance?.contains("load was 5.8") == true)
    let dirty = MadeUpHost.measurements(isClean: false)
    let reason = try #require(dirty.disturbance)
    #expect(reason.contains("only 0 % of the samples") && reason.contains("no clean sample"))
    #expect(try chip(dirty).notes.contains { $0.text.contains(reason) })
    #expect(try chip(dirty).findings().allSatisfy { $0.severity != .error })
  }

  @Test func aSystemThatSaysNothingOfItsCachesStillGetsAProfile() throws {
    let chip = try chip(MadeUpHost.measurements(caches: []))
    #expect(chip.memory.map(\.id) == ["dram"])
    #expect(chip.findings().allSatisfy { $0.severity != .error })
  }

  @Test(arguments: [
    ("host", "host"), ("My Machine", "my-machine"), ("a_b.c", "a-b-c"), ("Ünïx", "n-x"),
    ("--", "host"),
  ])
  func namesAreMadeFit(name: String, id: String) { #expect(HostProfile.id(from: name) == id) }

  @Test func theTableHasARowForEveryQuantity() {
    let host = MadeUpHost.measurements()
    let lines = host.table.split(separator: "\n")
    #expect(lines.count == host.results.count + 1)
    let columns = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
    #expect(Set(columns) == [9])
    #expect(lines.contains { $0.hasPrefix("sgemm,1024,2,flop,") })
  }
}
