import Eaves
import Quantities

extension ChipLintTests {
  /// Figures that contradict each other; a note may say which is believed.
  static let contradictions: [Fault] = [
    Fault("capacity-monotone", "memory[1].capacity") { $0.memory[1].capacity = .sheet(0x1p20) },
    Fault("bandwidth-monotone", "memory[1].bandwidth") {
      $0.memory[1].bandwidth = .sheet(101e12)
    },
    Fault("bandwidth-monotone", "memory[1].bandwidth") {
      $0.memory[1].bandwidth = nil
      $0.memory[1].measuredBandwidth = .sheet(101e12)
    },
    Fault("data-rate", "memory[2].bandwidth") { $0.memory[2].busWidthBits = 4096 },
    Fault("rate-ratio", "engines[0].rates[1].peak") {
      // Two rates that stand in 1.3, of an engine whose clock is not known.
      $0.engines[0].clock = nil
      $0.engines[0].rates.removeSubrange(1...2)
      $0.engines[0].rates[1] = Engine.Rate(input: .i8, accumulate: .i32, peak: .sheet(85.2e12))
    },
    Fault("rate-per-clock", "engines[1].rates[0].peak") {
      $0.engines[1].rates[0].peak = .sheet(10e12)
    },
    Fault("rate-per-clock", "engines[1].rates[0].peak") { $0.engines[1].count = 36 },
    Fault("sparse-speedup", "engines[0].rates[0].sparse[0]") {
      $0.engines[0].rates[0].sparse[0].speedup = 1.5
    },
    Fault("sparse-speedup", "engines[0].rates[0].sparse[0]") {
      $0.engines[0].rates[0].sparse[0].speedup = 0.5
    },
    Fault("sparse-speedup", "engines[0].rates[0].sparse[0]") {
      $0.engines[0].rates[0].sparse[0].pattern = "4:16"
      $0.engines[0].rates[0].sparse[0].speedup = 4.5
    },
    Fault("accumulate-width", "engines[0].rates[2].accumulate") {
      $0.engines[0].rates[2].accumulate = .i16
    },
    Fault("accumulate-width", "engines[0].rates[2].accumulate") {
      $0.engines[0].rates[2].accumulate = .f32
    },
    Fault("accumulate-width", "engines[1].rates[0].accumulate") {
      $0.engines[1].rates[0].accumulate = .f16
    },
    Fault("power-order", "power.idle") { $0.power.idle = .sheet(50) },
    Fault("power-order", "power.static_busy") { $0.power.staticBusy = .sheet(310) },
    Fault("power-order", "power.tdp") { $0.power.tdp = .sheet(500) },
    Fault("power-order", "power.sustained") { $0.power.sustained = .sheet(500) },
    Fault("power-order", "power.typical") { $0.power.typical = .sheet(500) },
    Fault("measured-within-peak", "memory[1].measured_bandwidth") {
      $0.memory[1].measuredBandwidth = .sheet(5.2e12)
    },
    Fault("measured-within-peak", "memory[2].unit_bandwidth.cpu") {
      $0.memory[2].unitBandwidth[.cpu] = .sheet(3e12)
    },
    Fault("measured-within-peak", "engines[0].rates[0].achieved") {
      $0.engines[0].rates[0].achieved = .sheet(66e12)
    },
  ]

  /// Names that lead nowhere, and what the evaluator cannot hold; no note excuses them.
  static let references: [Fault] = [
    Fault("distinct-name", "engines[2]") { $0.engines[2].id = "vector" },
    Fault("distinct-name", "memory[1]") { $0.memory[1].id = "registers" },
    Fault("distinct-name", "engines[1].rates[1]") {
      $0.engines[1].rates.append($0.engines[1].rates[0])
    },
    Fault("table-size", "memory") { chip in
      for index in 0..<6 {
        var level = MemoryLevel.sampleMain
        level.id = "copy-\(index)"
        chip.memory.append(level)
      }
    },
    Fault("table-size", "engines") { chip in
      for index in 0..<14 {
        var engine = Engine.sampleSpecial
        engine.id = "copy-\(index)"
        chip.engines.append(engine)
      }
    },
    Fault("clock-exists", "engines[0].clock") { $0.engines[0].clock = "turbo" },
    Fault("power-mode", "power.modes[1].clock_scale") {
      $0.power.modes[1].clockScale = .sheet(1.5)
    },
    Fault("power-mode", "power.modes[1].bandwidth_scale") {
      $0.power.modes[1].bandwidthScale = .sheet(0)
    },
    Fault("power-mode", "power.default_mode") { $0.power.defaultMode = "quiet" },
    Fault("source-exists", "memory[1].latency") { $0.memory[1].latency?.source = "nowhere" },
    Fault("source-exists", "notes[0]") { $0.notes[0].source = "nowhere" },
    Fault("recalled-unverified", "links[0].bandwidth") { $0.links[0].bandwidth?.basis = .recalled },
    Fault("sparse-speedup", "engines[0].rates[0].sparse[0]") {
      $0.engines[0].rates[0].sparse[0].pattern = "half"
    },
  ]

  /// What a profile lacks, and what nobody has read.
  static let gaps: [Fault] = [
    Fault("missing-figure", "memory", .missing) { $0.memory = [] },
    Fault("missing-figure", "memory[2].bandwidth", .missing) { $0.memory[2].bandwidth = nil },
    Fault("missing-figure", "memory[2].capacity", .missing) { $0.memory[2].capacity = nil },
    Fault("missing-figure", "engines", .missing) { $0.engines[0].rates.removeFirst(3) },
    Fault("missing-figure", "engines", .missing) { $0.engines.remove(at: 1) },
    Fault("missing-figure", "engines", .missing) { $0.engines.remove(at: 2) },
    Fault("missing-figure", "power", .missing) { $0.power = Power() },
    Fault("unverified-figure", "power.idle", .unverified) { $0.power.idle?.isVerified = false },
  ]
}
