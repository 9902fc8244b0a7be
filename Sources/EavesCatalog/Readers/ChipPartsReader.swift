import Eaves
import Quantities

extension Storage {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      id: try reader.identifier("id"), kind: try reader.string("kind"),
      name: try reader.string("name"),
      bandwidth: try reader.optionalMeasure("bandwidth", as: BytesPerSecond.self, .positive),
      capacity: try reader.optionalMeasure("capacity", as: Bytes.self, .positive),
      latency: try reader.optionalMeasure("latency", as: Seconds.self))
  }
}

extension Link {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      id: try reader.identifier("id"), kind: try reader.string("kind"),
      name: try reader.string("name"),
      count: try reader.optionalInteger("count", in: 1...1_000_000),
      bandwidth: try reader.optionalMeasure("bandwidth", as: BytesPerSecond.self, .positive),
      latency: try reader.optionalMeasure("latency", as: Seconds.self),
      topology: try reader.optionalString("topology"))
  }
}

extension Power {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init()
    idle = try reader.optionalMeasure("idle", as: Watts.self)
    staticBusy = try reader.optionalMeasure("static_busy", as: Watts.self)
    tdp = try reader.optionalMeasure("tdp", as: Watts.self)
    peak = try reader.optionalMeasure("peak", as: Watts.self)
    sustained = try reader.optionalMeasure("sustained", as: Watts.self)
    typical = try reader.optionalMeasure("typical", as: Watts.self)
    modes = try reader.objects("modes").map { (mode) throws(DataError) in try Mode(reading: mode) }
    try reader.requireDistinct(modes.map(\.name), in: "modes", key: "name")
    defaultMode = try reader.optionalString("default_mode")
    if let defaultMode, !modes.contains(where: { $0.name == defaultMode }) {
      throw reader.error(
        at: "default_mode", "\(quoted(defaultMode)) is not in \"modes\"",
        remedy: Suggestion.question(defaultMode, among: modes.map(\.name)) ?? "add it there")
    }
    if let reader = try reader.optionalObject("thermal") {
      thermal = Thermal(
        throttleAt: try reader.optionalMeasure("throttle_at", as: Celsius.self, .positive),
        resistance: try reader.optionalMeasure("resistance", as: KelvinPerWatt.self, .positive),
        timeConstant: try reader.optionalMeasure("time_constant", as: Seconds.self, .positive))
    }
  }
}

extension Power.Mode {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      name: try reader.string("name"), cap: try reader.optionalMeasure("cap", as: Watts.self),
      clockScale: try reader.measure("clock_scale", as: Ratio.self, .positive),
      bandwidthScale: try reader.measure("bandwidth_scale", as: Ratio.self, .positive))
  }
}

extension Overheads {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init()
    kernelLaunch = try reader.optionalMeasure("kernel_launch", as: Seconds.self)
    graphLaunch = try reader.optionalMeasure("graph_launch", as: Seconds.self)
    sync = try reader.optionalMeasure("sync", as: Seconds.self)
    pointToPoint = try reader.optionalMeasure("p2p", as: Seconds.self)
    framework = try reader.measures("framework", as: Seconds.self)
  }
}

extension OperationEnergy {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      engine: try reader.choice("engine", of: Engine.Kind.self),
      input: try reader.choice("input", of: MultiplyPrecision.self),
      value: try reader.measure("value", as: JoulesPerFLOP.self),
      scope: try reader.choice("scope", of: Scope.self))
  }
}

extension Remark {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      text: try reader.string("text"),
      source: reader.has("source") ? try reader.sourceKey("source") : nil,
      isVerified: reader.has("verified") ? try reader.boolean("verified") : nil,
      about: try reader.strings("about"))
  }
}
