public import Eaves
import Quantities

extension Chip {
  /// Reads a chip profile (`HardwareProfiles/*.json`, schema version 1).
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  /// - Throws: `DataError` at the first thing that is wrong.
  public init(parsing bytes: [UInt8], file: String) throws(DataError) {
    let root = try ObjectReader(parsing: bytes, file: file)
    try root.requireSchema(1)
    let id = try root.identifier("id")
    let sources = try root.sources()
    let clocks = try root.measures("clocks", as: Hertz.self, .positive)
    // Both lists must be there but may be empty: a profile may be partial, and the lints say what it lacks.
    for key in ["engines", "memory"] {
      _ = try root.required(key, wanted: "a list of objects, [ { … } ]; [] where none is known")
    }
    let engines = try root.objects("engines").map { (engine) throws(DataError) in
      try Engine(reading: engine, clocks: clocks.keys)
    }
    let memory = try root.objects("memory").map { (level) throws(DataError) in
      try MemoryLevel(reading: level)
    }
    self.init(
      id: id, name: try root.string("name"), chipClass: try root.string("class"),
      family: try root.optionalString("family") ?? id, engines: engines, memory: memory)
    try root.requireAtMost(Chip.mostEngines, of: engines.count, in: "engines")
    try root.requireAtMost(Chip.mostLevels, of: memory.count, in: "memory")
    try root.requireDistinct(engines.map(\.id), in: "engines")
    try root.requireDistinct(memory.map(\.id), in: "memory")
    guard engines.isEmpty || engines.contains(where: { !$0.rates.isEmpty }) else {
      throw root.error(at: "engines", "no engine has a rate", remedy: "add one to its \"rates\"")
    }
    self.sources = sources
    self.clocks = clocks
    vendor = try root.optionalString("vendor") ?? ""
    year = try root.optionalInteger("year", in: 1970...2100)
    process = try root.optionalString("process")
    scope = try root.optionalString("scope")
    aliases = try root.strings("aliases")
    defaultRuntime = try root.optionalString("default_runtime")
    try readParts(from: root)
    try root.finish()
  }

  /// What lies around engines and memory.
  private mutating func readParts(from root: ObjectReader) throws(DataError) {
    storage = try root.objects("storage").map { (part) throws(DataError) in
      try Storage(reading: part)
    }
    links = try root.objects("links").map { (link) throws(DataError) in try Link(reading: link) }
    try root.requireDistinct(storage.map(\.id), in: "storage")
    try root.requireDistinct(links.map(\.id), in: "links")
    if let reader = try root.optionalObject("power") { power = try Power(reading: reader) }
    if let reader = try root.optionalObject("overheads") {
      overheads = try Overheads(reading: reader)
    }
    if let reader = try root.optionalObject("kernels") {
      kernels = try KernelTimes(reading: reader)
    }
    if let energy = try root.optionalObject("energy") {
      operationEnergies = try energy.objects("operations").map { (operation) throws(DataError) in
        try OperationEnergy(reading: operation)
      }
    }
    if let reader = try root.optionalObject("limits") {
      for key in reader.keys { limits[key] = try reader.string(key) }
    }
    claims = try root.objects("claims").map { (claim) throws(DataError) in
      try Remark(reading: claim)
    }
    notes = try root.objects("notes").map { (note) throws(DataError) in try Remark(reading: note) }
  }
}
