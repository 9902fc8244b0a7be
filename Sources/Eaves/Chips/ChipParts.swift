public import Quantities

/// Storage behind main memory: flash, SSD, card.
public struct Storage: Sendable, Hashable {
  public var id: String
  public var kind: String
  public var name: String
  public var bandwidth: Measure<BytesPerSecond>?
  public var capacity: Measure<Bytes>?
  public var latency: Measure<Seconds>?

  /// A storage device.
  public init(
    id: String, kind: String, name: String, bandwidth: Measure<BytesPerSecond>? = nil,
    capacity: Measure<Bytes>? = nil, latency: Measure<Seconds>? = nil
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.bandwidth = bandwidth
    self.capacity = capacity
    self.latency = latency
  }
}

/// A link to other chips or to the host.
public struct Link: Sendable, Hashable {
  public var id: String
  public var kind: String
  public var name: String
  public var count: Int?
  /// In one direction, all links of this kind together.
  public var bandwidth: Measure<BytesPerSecond>?
  public var latency: Measure<Seconds>?
  public var topology: String?

  /// A link of a chip.
  public init(
    id: String, kind: String, name: String, count: Int? = nil,
    bandwidth: Measure<BytesPerSecond>? = nil, latency: Measure<Seconds>? = nil,
    topology: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.count = count
    self.bandwidth = bandwidth
    self.latency = latency
    self.topology = topology
  }
}

/// Power limits and modes of a chip.
public struct Power: Sendable, Hashable {
  public var idle: Measure<Watts>?
  public var staticBusy: Measure<Watts>?
  public var tdp: Measure<Watts>?
  public var peak: Measure<Watts>?
  public var sustained: Measure<Watts>?
  public var typical: Measure<Watts>?
  public var defaultMode: String?
  public var modes: [Mode]
  public var thermal: Thermal?

  /// A power mode: it scales the clock of every engine and the bandwidth of main memory.
  public struct Mode: Sendable, Hashable {
    public var name: String
    public var cap: Measure<Watts>?
    public var clockScale: Measure<Ratio>
    public var bandwidthScale: Measure<Ratio>

    /// A mode by name.
    public init(
      name: String, cap: Measure<Watts>? = nil, clockScale: Measure<Ratio>,
      bandwidthScale: Measure<Ratio>
    ) {
      self.name = name
      self.cap = cap
      self.clockScale = clockScale
      self.bandwidthScale = bandwidthScale
    }
  }

  /// When a chip throttles.
  public struct Thermal: Sendable, Hashable {
    public var throttleAt: Measure<Celsius>?
    public var resistance: Measure<KelvinPerWatt>?
    public var timeConstant: Measure<Seconds>?

    /// A first-order thermal model; absent figures are unknown.
    public init(
      throttleAt: Measure<Celsius>? = nil, resistance: Measure<KelvinPerWatt>? = nil,
      timeConstant: Measure<Seconds>? = nil
    ) {
      self.throttleAt = throttleAt
      self.resistance = resistance
      self.timeConstant = timeConstant
    }
  }

  /// Nothing known.
  public init() { self.modes = [] }
}

/// Fixed times of a chip that no work shortens.
public struct Overheads: Sendable, Hashable {
  public var kernelLaunch: Measure<Seconds>?
  public var graphLaunch: Measure<Seconds>?
  public var sync: Measure<Seconds>?
  public var pointToPoint: Measure<Seconds>?
  /// Time of a small operation under a framework, by operation.
  public var framework: [String: Measure<Seconds>]

  /// Nothing known.
  public init() { self.framework = [:] }
}

/// Energy of one arithmetic operation on one engine.
public struct OperationEnergy: Sendable, Hashable {
  /// What the figure includes.
  public enum Scope: String, Sendable, Hashable, CaseIterable {
    case datapath, unit, board
  }

  public var engine: Engine.Kind
  public var input: MultiplyPrecision
  public var value: Measure<JoulesPerFLOP>
  public var scope: Scope

  /// A published energy.
  public init(
    engine: Engine.Kind, input: MultiplyPrecision, value: Measure<JoulesPerFLOP>, scope: Scope
  ) {
    self.engine = engine
    self.input = input
    self.value = value
    self.scope = scope
  }
}

/// A sentence with its source: a vendor's claim or a note.
public struct Remark: Sendable, Hashable {
  public var text: String
  public var source: String?
  public var isVerified: Bool?
  /// What a note that begins with "Conflict:" settles, by name ("memory.l2.capacity"): the lints excuse it.
  public var about: [String]

  /// A sentence.
  public init(
    text: String, source: String? = nil, isVerified: Bool? = nil, about: [String] = []
  ) {
    self.text = text
    self.source = source
    self.isVerified = isVerified
    self.about = about
  }
}
