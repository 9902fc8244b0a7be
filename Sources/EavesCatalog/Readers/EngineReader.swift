import Eaves
import Quantities

extension Engine {
  init(reading reader: ObjectReader, clocks: some Collection<String>) throws(DataError) {
    self.init(
      id: try reader.identifier("id"), unit: try reader.choice("unit", of: Unit.self),
      kind: try reader.choice("kind", of: Kind.self), name: try reader.string("name"),
      count: try reader.optionalInteger("count", in: 1...1_000_000_000),
      countOf: try reader.optionalString("count_of"),
      clock: try reader.optionalString("clock"), rates: [])
    if let clock, !clocks.contains(clock) {
      throw reader.error(
        at: "clock", "\(quoted(clock)) is not in \"clocks\"",
        remedy: Suggestion.question(clock, among: clocks.sorted()) ?? "add it there")
    }
    if let reader = try reader.optionalObject("tile") { tile = try Tile(reading: reader) }
    rates = try reader.objects("rates").map { (rate) throws(DataError) in try Rate(reading: rate) }
  }
}

extension Engine.Tile {
  init(reading reader: ObjectReader) throws(DataError) {
    let sizes = 1...1_000_000
    self.init(
      m: try reader.integer("m", in: sizes), n: try reader.integer("n", in: sizes),
      k: try reader.integer("k", in: sizes))
  }
}

extension Engine.Rate {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      input: try reader.choice("input", of: MultiplyPrecision.self),
      accumulate: try reader.choice("accumulate", of: MultiplyPrecision.self),
      operation: try reader.optionalString("operation"),
      peak: try reader.measure("peak", as: FLOPsPerSecond.self, .positive),
      achieved: try reader.optionalMeasure("achieved", as: FLOPsPerSecond.self, .positive),
      sparse: try reader.objects("sparse").map { (sparsity) throws(DataError) in
        try Engine.Sparsity(reading: sparsity)
      })
  }
}

extension Engine.Sparsity {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      pattern: try reader.string("pattern"), speedup: try reader.double("speedup", in: 1...1000),
      source: try reader.sourceKey("source"), isVerified: try reader.boolean("verified"))
  }
}
