import Quantities

/// Turns profiles into the tables of a machine.
struct MachineBuilder {
  let chip: Chip
  let profile: Runtime.Profile
  let mode: Power.Mode?

  private var clockScale: Double { mode?.clockScale.value.value ?? 1 }
  private var bandwidthScale: Double { mode?.bandwidthScale.value.value ?? 1 }

  /// Units in use: the runtime's that the chip has, or all.
  private var units: [Engine.Unit] {
    let own = Set(chip.engines.map(\.unit))
    let wanted = profile.units.filter(own.contains)
    // The first unit that the runtime prefers and the chip has; an `ideal` runtime may use any.
    return wanted.isEmpty ? Array(own) : [wanted[0]]
  }

  private func engines(_ kinds: Set<Engine.Kind>) -> [(index: Int, engine: Engine)] {
    chip.engines.enumerated().filter { kinds.contains($1.kind) && units.contains($1.unit) }
      .map { (index: $0, engine: $1) }
  }

  /// By `MultiplyPrecision.index`.
  func matrixRates(_ energies: EnergyTable) -> [Machine.MatrixRate] {
    MultiplyPrecision.allCases.map { precision in
      var rate = matrixRate(precision)
      rate.energy = energies.matrix(rate.precision)
      return rate
    }
  }

  /// The fastest engine for the first carrier of a precision that any engine lists.
  private func matrixRate(_ wanted: MultiplyPrecision) -> Machine.MatrixRate {
    for precision in wanted.carriers {
      var best: (index: Int, engine: Engine, rate: Engine.Rate)?
      for (index, engine) in engines([.matrix, .vector]) {
        guard let rate = rate(of: engine, precision) else { continue }
        if best.map({ rate.peak.value > $0.rate.peak.value }) ?? true {
          best = (index, engine, rate)
        }
      }
      guard let best else { continue }
      let rate = best.rate.peak.value * clockScale
      let peak = rate.reciprocal
      let fraction =
        profile.matrixFractionByMultiply[precision] ?? profile.matrixFraction
      let attention = profile.attentionMatrixFraction ?? fraction
      return Machine.MatrixRate(
        engine: best.index, precision: precision, rate: rate, peak: peak,
        achieved: peak / fraction.value.value, attention: peak / attention.value.value,
        isVector: best.engine.kind == .vector)
    }
    return Machine.MatrixRate()
  }

  /// The rate of an engine for a precision, with the runtime's accumulator where it lists several.
  func rate(of engine: Engine, _ precision: MultiplyPrecision) -> Engine.Rate? {
    let rates = engine.rates.filter { $0.input == precision && $0.operation == nil }
    let isFloat = precision.usualAccumulator == .f32
    let asked = isFloat ? profile.accumulate ?? precision.usualAccumulator : .i32
    return rates.first { $0.accumulate == asked }
      ?? rates.first { $0.accumulate == precision.usualAccumulator } ?? rates.first
  }

  func vectorRate() -> Machine.LaneRate {
    lane(engines([.vector]).isEmpty ? [.scalar] : [.vector]) { engine in
      let rates = engine.rates.filter { $0.operation == nil }
      return rates.first { $0.input == .f32 } ?? rates.first { $0.input == .f16 } ?? rates.first
    }
  }

  /// The exp rate of a special engine, or the lanes at the runtime's cost of a software exp.
  func specialRate(vector: Machine.LaneRate) -> Machine.LaneRate {
    let own = lane([.special]) { engine in
      engine.rates.first { $0.operation == "exp" } ?? engine.rates.first
    }
    if own.engine >= 0 { return own }
    guard vector.engine >= 0, let cost = profile.specialVectorOps?.value.value else { return own }
    return Machine.LaneRate(engine: vector.engine, achieved: cost * vector.achieved)
  }

  private func lane(
    _ kinds: Set<Engine.Kind>, pick: (Engine) -> Engine.Rate?
  ) -> Machine.LaneRate {
    var result = Machine.LaneRate()
    for (index, engine) in engines(kinds) {
      guard let rate = pick(engine) else { continue }
      let peak = (rate.peak.value * clockScale).reciprocal
      if result.engine < 0 || peak < result.peak {
        result = Machine.LaneRate(
          engine: index, peak: peak, achieved: peak / profile.vectorFraction.value.value)
      }
    }
    return result
  }

  /// By `NumberFormat.Expansion.rawValue`.
  func expansionCosts() -> [Double] {
    NumberFormat.Expansion.allCases.map { profile.dequantisation[$0.name]?.value.value ?? 0 }
  }

  func fixedTimes() -> Machine.FixedTimes {
    Machine.FixedTimes(
      attentionHead: profile.attentionHead?.value ?? .zero, layer: profile.layerOverhead.value,
      step: profile.stepOverhead.value,
      expansionRows: profile.dequantisationRows?.value.value ?? 128)
  }

  /// By `Operation.ID.rawValue`.
  func kernelRules() -> [Machine.KernelRule] {
    Operation.ID.allCases.map { id in
      let isFused = id.fusion.map(profile.fuses.contains) ?? false
      return Machine.KernelRule(launch: isFused ? .zero : launch(of: id), isFused: isFused)
    }
  }

  /// Several kernels where the runtime does not fuse what belongs together.
  private func launch(of id: Operation.ID) -> Seconds {
    let launch = profile.launch.value
    switch id {
    case .attention: return profile.attentionLaunch?.value ?? launch
    case .qkv: return launch * (profile.fuses.contains(.qkv) ? 1 : 3)
    case .gateUp: return launch * (profile.fuses.contains(.gateUp) ? 1 : 2)
    case .attentionNorm, .feedForwardNorm:
      return launch * (profile.fuses.contains(.residual) ? 1 : 2)
    default: return launch
    }
  }

  /// What a level behind main memory holds, where it is flash that can be read in place.
  func flashCapacity(_ behind: Machine.Level?) -> Bytes? {
    guard let level = behind.map({ chip.memory[$0.index] }) else { return nil }
    return level.kind == .flash && level.peakBandwidth != nil ? level.totalCapacity : nil
  }

  /// The levels that the engines in use reach, nearest first, with main memory among them.
  func levels() throws(MissingFigure) -> ([Machine.Level], Int) {
    guard let main = chip.mainMemoryIndex else {
      throw MissingFigure(
        chip: chip.id, field: "memory[] of kind dram, hbm or sram", purpose: "every answer")
    }
    guard chip.memory[main].peakBandwidth != nil else {
      throw MissingFigure(
        chip: chip.id, field: "memory[\(main)].bandwidth (\(chip.memory[main].id))",
        purpose: "every prediction of time")
    }
    // Caches of a unit are on the way of its own engines only.
    let unit = profile.units.isEmpty ? fastestUnit : units.first
    var levels: [Machine.Level] = []
    var position = 0
    for (index, level) in chip.memory.enumerated() {
      let isReached = level.units.isEmpty || unit.map(level.units.contains) ?? true
      guard index == main || isReached else { continue }
      if index == main { position = levels.count }
      levels.append(compile(level, index, isMain: index == main, isPastMain: index > main))
    }
    return (levels, position)
  }

  /// The unit whose engines multiply fastest in 16 bits, or at all.
  private var fastestUnit: Engine.Unit? {
    for precision in [MultiplyPrecision.f16, .i8] {
      let rate = matrixRate(precision)
      if rate.engine >= 0 { return chip.engines[rate.engine].unit }
    }
    return chip.engines.first?.unit
  }

  private func compile(
    _ level: MemoryLevel, _ index: Int, isMain: Bool, isPastMain: Bool
  ) -> Machine.Level {
    let scale = isMain || isPastMain ? bandwidthScale : clockScale
    let cap = units.count == 1 ? level.unitBandwidth[units[0]]?.value : nil
    let full = level.peakBandwidth?.value
    let bandwidth = full.map { min($0, cap ?? $0) * scale }
    let peak = bandwidth?.reciprocal ?? .zero
    // Nearer levels are as fast as they were measured; main memory as the runtime achieves.
    let measured = level.measuredBandwidth.map { ($0.value * scale).reciprocal } ?? peak
    let share = profile.bandwidthFraction.value.value
    let attention = profile.attentionBandwidthFraction?.value.value ?? share
    let near = max(peak, measured)
    let instance = (level.capacity?.value ?? .zero) * (level.usableFraction?.value.value ?? 1)
    let isShared = level.instances == 1 || level.management == .software
    let persists = level.kind != .register && (isMain || isPastMain || isShared)
    return Machine.Level(
      index: index, bandwidth: bandwidth, peak: peak, achieved: isMain ? peak / share : near,
      attention: isMain ? peak / attention : near, instanceBytes: instance,
      tile: (instance.value / 6).squareRoot(),
      totalBytes: level.kind == .register ? .zero : level.totalCapacity ?? .zero,
      persistentBytes: persists ? level.usableCapacity ?? .zero : .zero,
      granularity: level.granularity?.value.value ?? 0,
      energy: EnergyTable.pathEnergy(of: level, chip: chip))
  }
}
