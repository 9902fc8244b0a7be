public import Quantities

/// One level of the memory hierarchy; a chip lists them nearest to the engines first.
public struct MemoryLevel: Sendable, Hashable {
  /// What sort of memory a level is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case register, sram, cache, dram, hbm, flash
  }

  /// Who decides what a level holds.
  public enum Management: String, Sendable, Hashable, CaseIterable {
    case hardware, software
  }

  /// Energy to read a byte from this level.
  public struct Energy: Sendable, Hashable {
    /// In the memory device alone.
    public var device: Measure<JoulesPerByte>?
    /// From the device to the engines: what a board is billed for.
    public var path: Measure<JoulesPerByte>?

    /// Energies of one level.
    public init(device: Measure<JoulesPerByte>? = nil, path: Measure<JoulesPerByte>? = nil) {
      self.device = device
      self.path = path
    }
  }

  public var id: String
  public var kind: Kind
  public var name: String
  public var management: Management?
  /// The engine units that reach this level; empty means all.
  public var units: [Engine.Unit]
  /// Capacity of one instance.
  public var capacity: Measure<Bytes>?
  /// How many instances there are (one where it is shared by all).
  public var instances: Int
  public var instanceOf: String?
  /// The share of the capacity that a working set may take before it spills.
  public var usableFraction: Measure<Ratio>?
  /// Theoretical read bandwidth of all instances together.
  public var bandwidth: Measure<BytesPerSecond>?
  public var writeBandwidth: Measure<BytesPerSecond>?
  /// The best published measurement, all instances together.
  public var measuredBandwidth: Measure<BytesPerSecond>?
  /// What one unit of the chip can draw, where less than all.
  public var unitBandwidth: [Engine.Unit: Measure<BytesPerSecond>]
  public var latency: Measure<Seconds>?
  /// The smallest transfer (line or burst).
  public var granularity: Measure<Bytes>?
  public var technology: String?
  public var busWidthBits: Int?
  public var dataRate: Measure<TransfersPerSecond>?
  public var energy: Energy?

  /// A memory level; absent figures are unknown.
  public init(
    id: String, kind: Kind, name: String, management: Management? = nil,
    units: [Engine.Unit] = [], capacity: Measure<Bytes>? = nil, instances: Int = 1,
    instanceOf: String? = nil, usableFraction: Measure<Ratio>? = nil,
    bandwidth: Measure<BytesPerSecond>? = nil, writeBandwidth: Measure<BytesPerSecond>? = nil,
    measuredBandwidth: Measure<BytesPerSecond>? = nil,
    unitBandwidth: [Engine.Unit: Measure<BytesPerSecond>] = [:],
    latency: Measure<Seconds>? = nil, granularity: Measure<Bytes>? = nil,
    technology: String? = nil, busWidthBits: Int? = nil,
    dataRate: Measure<TransfersPerSecond>? = nil, energy: Energy? = nil
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.management = management
    self.units = units
    self.capacity = capacity
    self.instances = instances
    self.instanceOf = instanceOf
    self.usableFraction = usableFraction
    self.bandwidth = bandwidth
    self.writeBandwidth = writeBandwidth
    self.measuredBandwidth = measuredBandwidth
    self.unitBandwidth = unitBandwidth
    self.latency = latency
    self.granularity = granularity
    self.technology = technology
    self.busWidthBits = busWidthBits
    self.dataRate = dataRate
    self.energy = energy
  }

  /// Capacity of all instances together.
  public var totalCapacity: Bytes? { capacity.map { $0.value * Double(instances) } }

  /// What a working set may take of all instances together before it spills.
  public var usableCapacity: Bytes? {
    totalCapacity.map { $0 * (usableFraction?.value.value ?? 1) }
  }

  /// The best figure there is for peak bandwidth.
  public var peakBandwidth: Measure<BytesPerSecond>? { bandwidth ?? measuredBandwidth }
}
