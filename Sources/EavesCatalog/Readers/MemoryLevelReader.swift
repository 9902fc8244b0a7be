import Eaves
import Quantities

extension MemoryLevel {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      id: try reader.identifier("id"), kind: try reader.choice("kind", of: Kind.self),
      name: try reader.string("name"),
      management: try reader.optionalChoice("managed", of: Management.self),
      units: try reader.choices("units", of: Engine.Unit.self),
      capacity: try reader.optionalMeasure("capacity", as: Bytes.self, .positive),
      instances: try reader.optionalInteger("instances", in: 1...1_000_000_000) ?? 1,
      instanceOf: try reader.optionalString("instance_of"),
      usableFraction: try reader.optionalMeasure("usable_fraction", as: Ratio.self, .share),
      bandwidth: try reader.optionalMeasure("bandwidth", as: BytesPerSecond.self, .positive),
      writeBandwidth: try reader.optionalMeasure(
        "write_bandwidth", as: BytesPerSecond.self, .positive),
      measuredBandwidth: try reader.optionalMeasure(
        "measured_bandwidth", as: BytesPerSecond.self, .positive),
      unitBandwidth: try reader.measures(
        "unit_bandwidth", by: Engine.Unit.self, as: BytesPerSecond.self, .positive),
      latency: try reader.optionalMeasure("latency", as: Seconds.self),
      granularity: try reader.optionalMeasure("granularity", as: Bytes.self, .positive),
      technology: try reader.optionalString("technology"),
      busWidthBits: try reader.optionalInteger("bus_width_bits", in: 1...1_000_000),
      dataRate: try reader.optionalMeasure("data_rate", as: TransfersPerSecond.self, .positive))
    if let reader = try reader.optionalObject("energy") {
      energy = Energy(
        device: try reader.optionalMeasure("device", as: JoulesPerByte.self),
        path: try reader.optionalMeasure("path", as: JoulesPerByte.self))
    }
  }
}
