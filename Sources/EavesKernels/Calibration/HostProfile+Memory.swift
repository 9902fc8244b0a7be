extension HostProfile {
  /// Everything that goes through memory.
  private static let streams: Set<Measurand> = [.read, .readDot, .copy, .triad]

  /// The caches that the system lists, and main memory.
  var levels: [JSONText] {
    let caches = host.topology.caches
    return caches.indices.map(cache) + [mainMemory]
  }

  private func cache(_ index: Int) -> JSONText {
    let cache = host.topology.caches[index]
    var members: [(key: String, value: JSONText)] = [
      ("id", .string("l\(cache.level)")), ("kind", .string("cache")),
      ("name", .string("L\(cache.level) cache")), ("managed", .string("hardware")),
      ("capacity", stated(Decimal.bytes(cache.bytes))),
    ]
    if cache.instances > 1 {
      members.append(("instances", .integer(cache.instances)))
      members.append(("instance_of", .string(cache.sharedBy > 1 ? "group of cores" : "core")))
    }
    if let knee = knee(index), knee < cache.bytes {
      let share = Double(knee) / Double(cache.bytes)
      let note =
        "reads on 1 thread fall off at \(Decimal.shortBytes(knee)), between two working sets"
      members.append(
        (
          "usable_fraction",
          .object([
            ("value", .string(Decimal.text(share, digits: 3))), ("basis", .string("measured")),
            ("source", .string("calibration")),
            ("verified", .boolean(true)), ("note", .string(note)),
          ])
        ))
    }
    members += bandwidths { bytes, threads in
      bytes > previousShare(index, threads: threads)
    }
    members += latency(of: host.topology.share(of: cache, threads: 1) / 2)
    if let line = cache.line { members.append(("granularity", stated("\(line) B"))) }
    return .object(members)
  }

  private var mainMemory: JSONText {
    var members: [(key: String, value: JSONText)] = [
      ("id", .string("dram")), ("kind", .string("dram")), ("name", .string("Main memory")),
    ]
    if let memory = host.topology.memory {
      members.append(("capacity", stated(Decimal.bytes(memory))))
    }
    let caches = host.topology.lastCacheBytes
    // Twice the last cache leaves little of a working set in it; else the largest there is.
    let most = host.results(Self.streams).map { $0.key.size * $0.key.threads }.max() ?? 0
    let beyond = min(2 * caches, max(0, most - 1))
    members += bandwidths { bytes, threads in bytes * threads > beyond }
    members += latency(of: .max)
    if let line = host.topology.caches.last?.line {
      members.append(("granularity", stated("\(line) B")))
    }
    return .object(members)
  }

  /// What a thread has of the level before a cache.
  private func previousShare(_ index: Int, threads: Int) -> Int {
    index == 0
      ? 0 : host.topology.share(of: host.topology.caches[index - 1], threads: threads)
  }

  /// `bandwidth`, the fastest of reading, copying and triad, and `measured_bandwidth`, the fastest of reading,
  /// over the working sets of a thread that need a level.
  ///
  /// Working sets that need a farther level as well count too: what comes from there comes through here.
  private func bandwidths(
    where isBeyond: (_ bytes: Int, _ threads: Int) -> Bool
  ) -> [(key: String, value: JSONText)] {
    let kinds: [(String, Set<Measurand>)] = [
      ("bandwidth", Self.streams), ("measured_bandwidth", [.read, .readDot]),
    ]
    return kinds.compactMap { field, measurands in
      let all = host.results(measurands).filter { isBeyond($0.key.size, $0.key.threads) }
      guard let best = all.max(by: { ($0.rate ?? 0) < ($1.rate ?? 0) }), let rate = best.rate
      else { return nil }
      var note =
        "\(best.key.measurand.words) over \(Decimal.shortBytes(best.key.size)) a thread, "
        + place(best)
      let alone = all.filter { $0.key.threads == 1 }.compactMap(\.rate).max()
      if best.key.threads > 1, let alone {
        note += "; 1 thread: \(Decimal.rate(alone, "B/s"))"
      }
      return (field, measure(Decimal.rate(rate, "B/s"), best, note) { Decimal.rate($0, "B/s") })
    }
  }

  /// The latency at the largest ring that is at most this large.
  private func latency(of bytes: Int) -> [(key: String, value: JSONText)] {
    let rings = host.results([.latency]).filter { $0.key.size <= bytes }
    guard let ring = rings.max(by: { $0.key.size < $1.key.size }), let time = ring.time else {
      return []
    }
    let note = "dependent loads in a ring of \(Decimal.shortBytes(ring.key.size)), 1 thread"
    return [
      ("latency", measure(Decimal.time(time), ring, note) { Decimal.time($0 / ring.work) })
    ]
  }

  /// How much of a cache a working set may take, from reads on one thread.
  private func knee(_ index: Int) -> Int? {
    let caches = host.topology.caches
    let points = host.results([.read, .readDot], threads: 1).compactMap { result in
      result.rate.map { BandwidthCurve.Point(bytes: result.key.size, rate: $0) }
    }
    return BandwidthCurve(points).knee(
      nearer: index == 0 ? 0 : caches[index - 1].bytes, capacity: caches[index].bytes,
      next: index + 1 < caches.count ? caches[index + 1].bytes : nil)
  }
}

extension Measurand {
  /// What a stream is called in notes.
  var words: String {
    switch self {
    case .read: "a sum"
    case .readDot: "sdot"
    case .copy: "a copy (read and written bytes)"
    case .triad: "a triad (three arrays)"
    default: rawValue
    }
  }
}
