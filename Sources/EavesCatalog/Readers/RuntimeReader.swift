public import Eaves
import Quantities

extension Runtime {
  /// Reads a runtime (`HardwareProfiles/runtimes/*.json`, schema version 1).
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  /// - Throws: `DataError` at the first thing that is wrong.
  public init(parsing bytes: [UInt8], file: String) throws(DataError) {
    let root = try ObjectReader(parsing: bytes, file: file)
    try root.requireSchema(1)
    let sources = try root.sources()
    self.init(
      id: try root.identifier("id"), name: try root.string("name"),
      version: try root.optionalString("version"), aliases: try root.strings("aliases"),
      profiles: try root.someObjects("profiles").map { (profile) throws(DataError) in
        try Profile(reading: profile)
      },
      sources: sources)
    try root.finish()
  }
}

extension Runtime.Profile {
  init(reading reader: ObjectReader) throws(DataError) {
    let families = try reader.strings("families")
    guard !families.isEmpty else {
      throw reader.error(
        at: "families", "names no family of chips", remedy: "write [\"*\"] for all chips")
    }
    self.init(
      families: families, units: try reader.choices("units", of: Engine.Unit.self),
      launch: try reader.measure("launch", as: Seconds.self),
      layerOverhead: try reader.measure("layer_overhead", as: Seconds.self),
      stepOverhead: try reader.measure("step_overhead", as: Seconds.self),
      bandwidthFraction: try reader.measure("bandwidth_fraction", as: Ratio.self, .share),
      matrixFraction: try reader.measure("matrix_fraction", as: Ratio.self, .share),
      matrixFractionByMultiply: try reader.measures(
        "matrix_fraction_by_multiply", by: MultiplyPrecision.self, as: Ratio.self, .share),
      vectorFraction: try reader.measure("vector_fraction", as: Ratio.self, .share),
      attentionMatrixFraction: try reader.optionalMeasure(
        "attention_matrix_fraction", as: Ratio.self, .share),
      attentionBandwidthFraction: try reader.optionalMeasure(
        "attention_bandwidth_fraction", as: Ratio.self, .share),
      attentionLaunch: try reader.optionalMeasure("attention_launch", as: Seconds.self),
      attentionHead: try reader.optionalMeasure("attention_head", as: Seconds.self),
      accumulate: try reader.optionalChoice("accumulate", of: MultiplyPrecision.self),
      dequantisation: try reader.dequantisation(),
      dequantisationRows: try reader.optionalMeasure(
        "dequantisation_rows", as: Ratio.self, .positive),
      specialVectorOps: try reader.optionalMeasure(
        "special_vector_ops", as: Ratio.self, .positive),
      fuses: try reader.choices("fuses", of: Operation.Fusion.self))
    usesKernelTimes = try reader.boolean("kernel_times", default: false)
    if let map = try reader.optionalObject("multiply") {
      for key in ["*quantised"] + NumberFormat.Expansion.names where map.has(key) {
        multiply[key] = try map.choice(key, of: MultiplyPrecision.self)
      }
    }
  }
}

extension ObjectReader {
  /// Costs of expanding weights, by expansion; other keys are found by `finish()`.
  fileprivate func dequantisation() throws(DataError) -> [String: Measure<Ratio>] {
    guard let map = try optionalObject("dequantisation") else { return [:] }
    var result: [String: Measure<Ratio>] = [:]
    for name in NumberFormat.Expansion.names {
      result[name] = try map.optionalMeasure(name, as: Ratio.self)
    }
    return result
  }
}
