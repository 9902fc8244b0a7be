import Quantities

extension ChipLint {
  /// A level holds at least as much as the nearer one, all instances together.
  static let capacities = ChipLint(
    "capacity-monotone", "a farther memory level holds no less than the nearer one"
  ) { chip, report in
    for (near, far) in chip.neighbours(where: { $0.capacity != nil }) {
      guard
        let less = chip.memory[far].totalCapacity, let more = chip.memory[near].totalCapacity,
        less < more
      else { continue }
      report.disagree(
        at: chip.path(toLevel: far)["capacity"],
        "\(chip.memory[far].id) holds \(less.displayBinary), less than the \(more.displayBinary) of "
          + "\(chip.memory[near].id) before it (all instances)")
    }
  }

  /// A level is no faster than the nearer one: else the nearer would never pay.
  static let bandwidths = ChipLint(
    "bandwidth-monotone", "a farther memory level is no faster than the nearer one"
  ) { chip, report in
    for (near, far) in chip.neighbours(where: { $0.peakBandwidth != nil }) {
      guard
        let more = chip.memory[far].peakBandwidth?.value,
        let less = chip.memory[near].peakBandwidth?.value,
        more > less
      else { continue }
      report.disagree(
        at: chip.path(toLevel: far)["bandwidth"],
        "\(chip.memory[far].id) delivers \(more.display), more than the \(less.display) of "
          + "\(chip.memory[near].id) before it")
    }
  }
}

extension Chip {
  /// Pairs of levels that follow each other on the way of one unit, among those that qualify.
  ///
  /// Flash is left out: its order against main memory says nothing.
  fileprivate func neighbours(
    where qualifies: (MemoryLevel) -> Bool
  ) -> [(near: Int, far: Int)] {
    let used = Set(engines.map(\.unit) + memory.flatMap(\.units))
    let units: [Engine.Unit?] =
      used.isEmpty ? [nil] : Engine.Unit.allCases.filter(used.contains)
    var pairs: [(near: Int, far: Int)] = []
    for unit in units {
      let way = memory.indices.filter { index in
        let level = memory[index]
        let isReached = level.units.isEmpty || unit.map(level.units.contains) ?? true
        return level.kind != .flash && isReached && qualifies(level)
      }
      for pair in zip(way, way.dropFirst()) where !pairs.contains(where: { $0 == pair }) {
        pairs.append((near: pair.0, far: pair.1))
      }
    }
    return pairs
  }
}
