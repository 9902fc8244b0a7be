extension HostProfile {
  /// What has no field: how it was measured, what disturbed it, and the curves.
  var notes: [String] {
    var notes = [
      "Measured by \(host.library); \(host.threads) threads for figures of the whole machine; "
        + "\(Decimal.percent(host.cleanShare)) of the samples clean. Range is the median over the "
        + "rounds to the best."
    ]
    if let disturbance = host.disturbance { notes.append("Caution: \(disturbance).") }
    if !host.isOptimised {
      notes.append(
        "Caution: built without optimisation: the figures of Swift programs are far too low.")
    }
    for threads in Set([1, host.threads]).sorted() {
      let place = threads == 1 ? "1 thread" : "\(threads) threads"
      notes += [
        curve("Reading, \(place), by working set of a thread", [.read, .readDot], threads, "B/s"),
        curve("Copying, \(place), by working set of a thread", [.copy], threads, "B/s"),
        curve("Triad, \(place), by working set of a thread", [.triad], threads, "B/s"),
        curve("sgemm, \(place), by order", [.sgemm], threads, "FLOP/s"),
        curve("dgemm, \(place), by order", [.dgemm], threads, "FLOP/s"),
        curve(
          "Products of 8-bit integers in portable Swift, \(place)", [.integerDot], threads, "OP/s"),
        curve("exp on vectors in portable Swift, \(place)", [.exponential], threads, "OP/s"),
      ].compactMap { $0 }
    }
    notes += [
      curve("Latency of a dependent load, 1 thread, by ring", [.latency], 1, ""),
      curve(
        "Weights of 8-bit blocks expanded and multiplied, 1 thread", [.blocks8], 1, "weights/s"),
      curve(
        "Weights of 4-bit blocks expanded and multiplied, 1 thread", [.blocks4], 1, "weights/s"),
      curve(
        "Weights of 4-bit superblocks of 256 expanded and multiplied, 1 thread", [.blocksK], 1,
        "weights/s"),
    ].compactMap { $0 }
    return notes
  }

  /// "Name: size value, size value …"; without sizes where there is one.
  private func curve(
    _ name: String, _ measurands: Set<Measurand>, _ threads: Int, _ unit: String
  ) -> String? {
    let results = Dictionary(
      host.results(measurands, threads: threads).map { ($0.key.size, $0) },
      uniquingKeysWith: { ($0.rate ?? 0) >= ($1.rate ?? 0) ? $0 : $1 })
    guard !results.isEmpty else { return nil }
    let points = results.values.sorted { $0.key.size < $1.key.size }.map { result in
      let value =
        result.key.measurand.isTime
        ? Decimal.time(result.time ?? 0) : Decimal.rate(result.rate ?? 0, unit)
      let spread = result.series.spread.map { " (spread \(Decimal.percent($0)))" } ?? ""
      guard results.count > 1 else { return value + spread }
      let isBytes = result.key.measurand.unit == .byte || result.key.measurand.unit == .load
      let size = isBytes ? Decimal.shortBytes(result.key.size) : "\(result.key.size)"
      return "\(size) \(value)\(spread)"
    }
    return "\(name): \(points.joined(separator: ", "))"
  }
}
