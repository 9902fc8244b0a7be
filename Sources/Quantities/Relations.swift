/// Which kinds combine, and into what. Nothing else compiles: `bytes / flopsPerSecond` is an error.

extension FLOPs {
  /// The one place that says that a multiply-add is two operations.
  public init(multiplyAdds count: Double) { self.init(2 * count) }
}

extension Bytes {
  /// The time to move these bytes at a bandwidth.
  public static func / (bytes: Bytes, bandwidth: BytesPerSecond) -> Seconds {
    Seconds(bytes.value / bandwidth.value)
  }

  /// The bandwidth that moves these bytes in a given time.
  public static func / (bytes: Bytes, time: Seconds) -> BytesPerSecond {
    BytesPerSecond(bytes.value / time.value)
  }

  /// The energy of moving these bytes.
  public static func * (bytes: Bytes, energy: JoulesPerByte) -> Joules {
    Joules(bytes.value * energy.value)
  }
}

extension FLOPs {
  /// The time to do this work at a rate.
  public static func / (work: FLOPs, rate: FLOPsPerSecond) -> Seconds {
    Seconds(work.value / rate.value)
  }

  /// The rate that does this work in a given time.
  public static func / (work: FLOPs, time: Seconds) -> FLOPsPerSecond {
    FLOPsPerSecond(work.value / time.value)
  }

  /// The arithmetic intensity of this work over these bytes.
  public static func / (work: FLOPs, bytes: Bytes) -> Intensity {
    Intensity(work.value / bytes.value)
  }

  /// The energy of this work.
  public static func * (work: FLOPs, energy: JoulesPerFLOP) -> Joules {
    Joules(work.value * energy.value)
  }
}

extension FLOPsPerSecond {
  /// The ridge point of an engine against a memory level.
  public static func / (rate: FLOPsPerSecond, bandwidth: BytesPerSecond) -> Intensity {
    Intensity(rate.value / bandwidth.value)
  }
}

extension BytesPerSecond {
  /// The bytes moved in a given time.
  public static func * (bandwidth: BytesPerSecond, time: Seconds) -> Bytes {
    Bytes(bandwidth.value * time.value)
  }
}

extension Intensity {
  /// The rate attainable at this intensity from a memory level (the slanted part of the roofline).
  public static func * (intensity: Intensity, bandwidth: BytesPerSecond) -> FLOPsPerSecond {
    FLOPsPerSecond(intensity.value * bandwidth.value)
  }
}

extension Watts {
  /// The energy of this power over a span of time.
  public static func * (power: Watts, time: Seconds) -> Joules {
    Joules(power.value * time.value)
  }
}

extension Joules {
  /// The mean power of this energy over a span of time.
  public static func / (energy: Joules, time: Seconds) -> Watts {
    Watts(energy.value / time.value)
  }
}

extension Hertz {
  /// The time of one cycle.
  public var period: Seconds { Seconds(1 / value) }
}

extension BytesPerSecond {
  /// The time of one byte.
  public var reciprocal: SecondsPerByte { SecondsPerByte(1 / value) }
}

extension FLOPsPerSecond {
  /// The time of one operation.
  public var reciprocal: SecondsPerFLOP { SecondsPerFLOP(1 / value) }
}

extension SecondsPerByte {
  /// The bandwidth.
  public var reciprocal: BytesPerSecond { BytesPerSecond(1 / value) }

  /// The time to move these bytes.
  public static func * (bytes: Bytes, pace: SecondsPerByte) -> Seconds {
    Seconds(bytes.value * pace.value)
  }
}

extension SecondsPerFLOP {
  /// The rate.
  public var reciprocal: FLOPsPerSecond { FLOPsPerSecond(1 / value) }

  /// The time to do this work.
  public static func * (work: FLOPs, pace: SecondsPerFLOP) -> Seconds {
    Seconds(work.value * pace.value)
  }
}
