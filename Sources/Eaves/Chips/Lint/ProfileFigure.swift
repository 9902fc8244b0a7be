import Quantities

/// One figure of a profile as text: where it stands, what it is and what it rests on.
public struct ProfileFigure: Sendable, Hashable {
  /// Where it stands.
  public let path: FieldPath
  /// The amount as people read it ("2.04 TB/s").
  public let value: String
  /// The amount with every digit, in the base unit.
  public let exact: String
  /// What sort of evidence it rests on; `nil` for the speed-up of a sparsity, which states none.
  public let basis: Basis?
  /// Key into the profile's `sources`.
  public let source: String
  /// Whether it was read in its source.
  public let isVerified: Bool
}

extension Chip {
  /// Field paths of the figures that nobody has read in their source ("memory[2].bandwidth"), in the order
  /// of the profile.
  public var unverifiedFigures: [String] {
    figures.filter { !$0.isVerified }.map(\.path.description)
  }

  /// Every figure of the profile, in its order.
  public var figures: [ProfileFigure] {
    var list = FigureList()
    for (name, clock) in clocks.sorted(by: { $0.key < $1.key }) {
      list.add(clock, at: FieldPath("clocks")[name])
    }
    for index in engines.indices { list.add(engines[index], of: self, index) }
    for index in memory.indices { list.add(memory[index], at: path(toLevel: index)) }
    for (index, device) in storage.enumerated() {
      let path = FieldPath("storage").member(index, device.id)
      list.add(device.bandwidth, at: path["bandwidth"])
      list.add(device.capacity, at: path["capacity"])
      list.add(device.latency, at: path["latency"])
    }
    for (index, link) in links.enumerated() {
      let path = FieldPath("links").member(index, link.id)
      list.add(link.bandwidth, at: path["bandwidth"])
      list.add(link.latency, at: path["latency"])
    }
    list.add(power, at: FieldPath("power"))
    list.add(overheads, at: FieldPath("overheads"))
    if let kernels { list.add(kernels, at: FieldPath("kernels")) }
    for (index, energy) in operationEnergies.enumerated() {
      let name = "\(energy.engine.rawValue)-\(energy.input.rawValue)"
      list.add(energy.value, at: FieldPath("energy")["operations"].member(index, name)["value"])
    }
    return list.figures
  }
}

/// Gathers figures.
struct FigureList {
  private(set) var figures: [ProfileFigure] = []

  /// Notes a figure, where the profile has it.
  mutating func add<Kind>(_ measure: Measure<Kind>?, at path: @autoclosure () -> FieldPath) {
    guard let measure else { return }
    figures.append(
      ProfileFigure(
        path: path(), value: measure.value.display, exact: measure.value.description,
        basis: measure.basis, source: measure.source,
        isVerified: measure.isVerified))
  }

  /// Notes the rates of an engine and the sparsities it skips.
  mutating func add(_ engine: Engine, of chip: Chip, _ index: Int) {
    for (position, rate) in engine.rates.enumerated() {
      let path = chip.path(toRate: position, ofEngine: index)
      add(rate.peak, at: path["peak"])
      add(rate.achieved, at: path["achieved"])
      for (index, sparsity) in rate.sparse.enumerated() {
        figures.append(
          ProfileFigure(
            path: path["sparse"].member(index, sparsity.pattern),
            value: "\(sparsity.speedup)", exact: "\(sparsity.speedup)", basis: nil,
            source: sparsity.source, isVerified: sparsity.isVerified))
      }
    }
  }
}
