extension ChipLint {
  /// What answers need, and what cannot be answered without it.
  static let missing = ChipLint(
    "missing-figure",
    "main memory, rates of products, lanes and special functions, and power are known"
  ) { chip, report in
    if let main = chip.mainMemoryIndex {
      let path = chip.path(toLevel: main)
      let id = chip.memory[main].id
      if chip.memory[main].peakBandwidth == nil {
        report.missing(path["bandwidth"], "the bandwidth of \(id), which every time needs")
      }
      if chip.memory[main].capacity == nil {
        report.missing(path["capacity"], "the capacity of \(id), which says what fits")
      }
    } else {
      report.missing(FieldPath("memory"), "a main memory (dram, hbm or sram) for every answer")
    }
    let engines = FieldPath("engines")
    if !chip.has([.matrix, .vector], where: { $0.bits == 8 || $0.bits == 16 }) {
      report.missing(engines, "a rate for 16-bit or 8-bit products (matrix or vector engine)")
    }
    if !chip.has([.vector, .scalar]) {
      report.missing(engines, "a vector rate, without which element-wise work is not costed")
    }
    if !chip.has([.special]) {
      report.missing(
        engines, "a special-function rate; exp is costed on the lanes where the runtime says how")
    }
    if chip.power.tdp == nil, chip.power.staticBusy == nil, chip.power.idle == nil {
      report.missing(FieldPath("power"), "tdp, static_busy or idle, which energy needs")
    }
  }
}

extension Chip {
  fileprivate func has(
    _ kinds: Set<Engine.Kind>, where isWanted: (MultiplyPrecision) -> Bool = { _ in true }
  ) -> Bool {
    engines.contains { engine in
      kinds.contains(engine.kind) && engine.rates.contains { isWanted($0.input) }
    }
  }
}
