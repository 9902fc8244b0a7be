import Eaves
import Quantities

extension Measure {
  /// A figure that was read in the data sheet of the sample chip.
  static func sheet(_ value: Double) -> Measure {
    Measure(Kind(value), basis: .vendor, source: "sheet", isVerified: true)
  }
}

extension Chip {
  /// A chip with every sort of figure, in which nothing contradicts anything.
  static var sample: Chip {
    var chip = Chip(
      id: "sample", name: "Sample", chipClass: "gpu", family: "sample",
      engines: [.sampleTensor, .sampleVector, .sampleSpecial],
      memory: [.sampleRegisters, .sampleCache, .sampleMain])
    chip.clocks = ["boost": .sheet(1e9)]
    chip.storage = [Storage(id: "ssd", kind: "flash", name: "SSD", bandwidth: .sheet(5e9))]
    chip.links = [Link(id: "host", kind: "pcie", name: "PCIe", bandwidth: .sheet(32e9))]
    chip.power.idle = .sheet(10)
    chip.power.staticBusy = .sheet(40)
    chip.power.tdp = .sheet(300)
    chip.power.peak = .sheet(400)
    chip.power.sustained = .sheet(250)
    chip.power.typical = .sheet(200)
    chip.power.defaultMode = "full"
    chip.power.modes = [
      Power.Mode(name: "full", cap: .sheet(300), clockScale: .sheet(1), bandwidthScale: .sheet(1)),
      Power.Mode(name: "half", clockScale: .sheet(0.5), bandwidthScale: .sheet(0.5)),
    ]
    chip.overheads.kernelLaunch = .sheet(4e-6)
    chip.overheads.framework = ["matmul": .sheet(1e-5)]
    chip.operationEnergies = [
      OperationEnergy(engine: .vector, input: .f32, value: .sheet(1e-12), scope: .board)
    ]
    chip.notes = [Remark(text: "a note", source: "sheet", isVerified: true)]
    chip.sources = ["sheet": Source(title: "Data sheet", tier: .vendor)]
    return chip
  }
}

extension Engine {
  /// 32 units of 2048, 4096 and 128 FLOP a clock.
  static let sampleTensor = Engine(
    id: "tensor", unit: .gpu, kind: .matrix, name: "Tensor", count: 32, countOf: "SM",
    clock: "boost",
    rates: [
      Rate(
        input: .f16, accumulate: .f32, peak: .sheet(65.536e12), achieved: .sheet(50e12),
        sparse: [Sparsity(pattern: "2:4", speedup: 2, source: "sheet", isVerified: true)]),
      Rate(input: .f16, accumulate: .f16, peak: .sheet(131.072e12)),
      Rate(input: .i8, accumulate: .i32, peak: .sheet(131.072e12)),
      Rate(input: .f64, accumulate: .f64, peak: .sheet(4.096e12)),
    ])

  /// Lanes, three pipes of 128 a clock.
  static let sampleVector = Engine(
    id: "vector", unit: .gpu, kind: .vector, name: "Lanes", count: 32, countOf: "SM",
    clock: "boost", rates: [Rate(input: .f32, accumulate: .f32, peak: .sheet(12.288e12))])

  /// exp alone.
  static let sampleSpecial = Engine(
    id: "sfu", unit: .gpu, kind: .special, name: "SFU",
    rates: [Rate(input: .f32, accumulate: .f32, operation: "exp", peak: .sheet(1e12))])
}

extension MemoryLevel {
  static let sampleRegisters = MemoryLevel(
    id: "registers", kind: .register, name: "Registers", capacity: .sheet(0x1p18), instances: 32,
    instanceOf: "SM", bandwidth: .sheet(100e12))

  static let sampleCache = MemoryLevel(
    id: "l2", kind: .cache, name: "L2", capacity: .sheet(0x1p25), usableFraction: .sheet(0.8),
    bandwidth: .sheet(5e12), measuredBandwidth: .sheet(4e12), latency: .sheet(2e-7))

  static let sampleMain = MemoryLevel(
    id: "hbm", kind: .hbm, name: "HBM", capacity: .sheet(80e9), bandwidth: .sheet(2048e9),
    unitBandwidth: [.cpu: .sheet(200e9)], busWidthBits: 5120, dataRate: .sheet(3.2e9),
    energy: MemoryLevel.Energy(path: .sheet(6e-11)))
}
