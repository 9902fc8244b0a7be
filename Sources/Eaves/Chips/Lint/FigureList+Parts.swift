import Quantities

extension FigureList {
  /// Notes the figures of a memory level.
  mutating func add(_ level: MemoryLevel, at path: FieldPath) {
    add(level.capacity, at: path["capacity"])
    add(level.usableFraction, at: path["usable_fraction"])
    add(level.bandwidth, at: path["bandwidth"])
    add(level.writeBandwidth, at: path["write_bandwidth"])
    add(level.measuredBandwidth, at: path["measured_bandwidth"])
    for unit in Engine.Unit.allCases {
      add(level.unitBandwidth[unit], at: path["unit_bandwidth"][unit.rawValue])
    }
    add(level.latency, at: path["latency"])
    add(level.granularity, at: path["granularity"])
    add(level.dataRate, at: path["data_rate"])
    add(level.energy?.device, at: path["energy"]["device"])
    add(level.energy?.path, at: path["energy"]["path"])
  }

  /// Notes the figures of power.
  mutating func add(_ power: Power, at path: FieldPath) {
    add(power.idle, at: path["idle"])
    add(power.staticBusy, at: path["static_busy"])
    add(power.tdp, at: path["tdp"])
    add(power.peak, at: path["peak"])
    add(power.sustained, at: path["sustained"])
    add(power.typical, at: path["typical"])
    for (index, mode) in power.modes.enumerated() {
      let path = path["modes"].member(index, mode.name)
      add(mode.cap, at: path["cap"])
      add(mode.clockScale, at: path["clock_scale"])
      add(mode.bandwidthScale, at: path["bandwidth_scale"])
    }
    add(power.thermal?.throttleAt, at: path["thermal"]["throttle_at"])
    add(power.thermal?.resistance, at: path["thermal"]["resistance"])
    add(power.thermal?.timeConstant, at: path["thermal"]["time_constant"])
  }

  /// Notes the fixed times.
  mutating func add(_ overheads: Overheads, at path: FieldPath) {
    add(overheads.kernelLaunch, at: path["kernel_launch"])
    add(overheads.graphLaunch, at: path["graph_launch"])
    add(overheads.sync, at: path["sync"])
    add(overheads.pointToPoint, at: path["p2p"])
    for (name, time) in overheads.framework.sorted(by: { $0.key < $1.key }) {
      add(time, at: path["framework"][name])
    }
  }

  /// Notes the pieces of kernels.
  mutating func add(_ kernels: KernelTimes, at path: FieldPath) {
    for (field, points) in [("reading", kernels.reading), ("copying", kernels.copying)] {
      for (index, point) in points.enumerated() {
        add(
          point.bandwidth,
          at: path[field].member(index, point.workingSet.display)["bandwidth"])
      }
    }
    for piece in KernelPiece.allCases {
      add(kernels.times[piece], at: path["times"][piece.rawValue])
    }
    for maker in KernelMaker.allCases {
      add(kernels.exposedShares[maker], at: path["exposed_share"][maker.rawValue])
    }
    for stream in KernelStream.allCases {
      add(kernels.reaches[stream], at: path["main_memory_share"][stream.rawValue])
    }
  }
}
