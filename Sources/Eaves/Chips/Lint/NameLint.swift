extension ChipLint {
  /// Nothing has the name of its neighbour: results and notes call things by name.
  static let distinctNames = ChipLint(
    "distinct-name", "no two engines, rates, levels, devices, links or modes share a name"
  ) { chip, report in
    report.distinct(chip.engines.map(\.id), in: FieldPath("engines"))
    report.distinct(chip.memory.map(\.id), in: FieldPath("memory"))
    report.distinct(chip.storage.map(\.id), in: FieldPath("storage"))
    report.distinct(chip.links.map(\.id), in: FieldPath("links"))
    report.distinct(chip.power.modes.map(\.name), in: FieldPath("power")["modes"])
    for (index, engine) in chip.engines.enumerated() {
      let names = engine.rates.map { "\($0.input.rawValue) \($0.accumulate.rawValue) \($0.name)" }
      report.distinct(names, in: chip.path(toEngine: index)["rates"])
    }
  }

  /// The evaluator keeps what each level moves and each engine does in tables of fixed size.
  static let tableSizes = ChipLint(
    "table-size", "at most 8 memory levels and 16 engines, which is what the evaluator has room for"
  ) { chip, report in
    let tables = [
      ("memory", chip.memory.count, Chip.mostLevels),
      ("engines", chip.engines.count, Chip.mostEngines),
    ]
    for (list, count, most) in tables where count > most {
      report.fault(at: FieldPath(list), "\(count) members, the evaluator has room for \(most)")
    }
  }
}

extension LintReport {
  fileprivate mutating func distinct(_ names: [String], in list: FieldPath) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      fault(at: list.member(index, name), "a second \"\(name)\"")
    }
  }
}
