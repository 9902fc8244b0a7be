import Quantities

extension Machine {
  /// Compiles a chip under a runtime.
  /// - Parameters:
  ///   - chip: the profile.
  ///   - runtime: what the software achieves.
  ///   - mode: a power mode of the chip; `nil` for its default.
  /// - Throws: `MissingFigure` where the profile has no main memory, no bandwidth for it, or no engine the
  ///   runtime can use.
  public init(_ chip: Chip, _ runtime: Runtime, mode: Power.Mode? = nil) throws(MissingFigure) {
    guard let profile = runtime.profile(for: chip) else {
      throw MissingFigure(
        chip: "runtime \(runtime.id)", field: "profiles[] for family \"\(chip.family)\"",
        purpose: "a prediction on \(chip.id)")
    }
    let builder = MachineBuilder(chip: chip, profile: profile, mode: mode)
    self.chip = chip
    self.runtime = runtime
    self.profile = profile
    self.mode = mode
    matrix = builder.matrixRates()
    vector = builder.vectorRate()
    special = builder.specialRate(vector: vector)
    expansion = builder.expansionCosts()
    (levels, main) = try builder.levels()
    fixed = builder.fixedTimes()
    fusion = builder.fusion()
    energies = EnergyTable(chip, main: levels[main].index)
  }
}

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

  func matrixRates() -> InlineArray<13, Machine.MatrixRate> {
    var table = InlineArray<13, Machine.MatrixRate>(repeating: Machine.MatrixRate())
    for precision in MultiplyPrecision.allCases {
      table[precision.index] = matrixRate(precision)
    }
    return table
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
  private func rate(of engine: Engine, _ precision: MultiplyPrecision) -> Engine.Rate? {
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

  func expansionCosts() -> InlineArray<8, Double> {
    var table = InlineArray<8, Double>(repeating: 0)
    for expansion in NumberFormat.Expansion.allCases {
      table[Int(expansion.rawValue)] = profile.dequantisation[expansion.name]?.value.value ?? 0
    }
    return table
  }

  func fixedTimes() -> Machine.FixedTimes {
    let launch = profile.launch.value
    return Machine.FixedTimes(
      launch: launch, attentionLaunch: profile.attentionLaunch?.value ?? launch,
      attentionHead: profile.attentionHead?.value ?? .zero, layer: profile.layerOverhead.value,
      step: profile.stepOverhead.value,
      qkvLaunches: profile.fuses.contains(.qkv) ? 1 : 3,
      gateUpLaunches: profile.fuses.contains(.gateUp) ? 1 : 2,
      normLaunches: profile.fuses.contains(.residual) ? 1 : 2,
      expansionRows: profile.dequantisationRows?.value.value ?? 128)
  }

  func fusion() -> InlineArray<32, Bool> {
    var table = InlineArray<32, Bool>(repeating: false)
    for id in Operation.ID.allCases {
      if let key = id.fusion { table[Int(id.rawValue)] = profile.fuses.contains(key) }
    }
    return table
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
      energy: EnergyTable.pathEnergy(of: level, chip: chip))
  }
}
