/// Lays out what a calibration found as a chip profile (docs/schema/chip.schema.json).
///
/// One vector engine whose peaks are the fastest that was measured, a special engine with the rate of exp,
/// the caches that the system lists with their measured bandwidths, main memory, and the overheads of calls.
/// Curves on one thread and pieces of kernels are its `kernels`; other curves are notes, and rows of
/// `HostMeasurements.table`.
public struct HostProfile {
  let host: HostMeasurements
  /// Name of the chip in commands.
  let id: String

  /// A profile of a machine.
  /// - Parameters:
  ///   - host: What was measured.
  ///   - id: Its name: small letters, digits and hyphens.
  public init(_ host: HostMeasurements, id: String) {
    self.host = host
    self.id = id
  }

  /// A name such as the schema asks for, made from another; "host" where nothing is left of it.
  public static func id(from name: some StringProtocol) -> String {
    let parts = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return parts.isEmpty ? "host" : String(parts.joined(separator: "-").prefix(64))
  }

  /// The file.
  public var text: String { document.text() + "\n" }

  var document: JSONText {
    var members: [(key: String, value: JSONText)] = [
      ("schema", .integer(1)), ("id", .string(id)),
      ("name", .string("\(host.topology.name), as measured here")), ("class", .string("cpu")),
      ("scope", .string("what programs see of the machine: \(processors)")),
      ("engines", .array(engines)), ("memory", .array(levels)),
    ]
    if !overheads.isEmpty {
      members.append(("overheads", .object([("framework", .object(overheads))])))
    }
    if let kernels { members.append(("kernels", kernels)) }
    members.append(("notes", .array(notes.map(note))))
    members.append(("sources", .object(sources)))
    return .object(members)
  }

  private var processors: String {
    let (processors, cores) = (host.topology.processors, host.topology.cores)
    return cores == processors ? "\(cores) cores" : "\(cores) cores, \(processors) threads"
  }

  private var sources: [(key: String, value: JSONText)] {
    func source(_ title: String) -> JSONText {
      .object([("title", .string(title)), ("tier", .string("measured"))])
    }
    return [
      (
        "calibration",
        source(
          "eaves calibrate host on \(host.date): minimum of clean samples of 3 ms in interleaved "
            + "rounds (docs/calibration.md), 1 and \(host.threads) threads, \(host.library)")
      ),
      ("system", source("what the operating system says of the machine, read on \(host.date)")),
    ]
  }

  private func note(_ text: String) -> JSONText {
    .object([
      ("text", .string(text)), ("source", .string("calibration")), ("verified", .boolean(true)),
    ])
  }

  /// Times of calls, by function.
  private var overheads: [(key: String, value: JSONText)] {
    [Measurand.callMatrix, .callDot, .callVector].compactMap { measurand in
      let calls = host.results([measurand]).sorted { $0.key.size < $1.key.size }
      guard let least = calls.first, let time = least.time else { return nil }
      let others = calls.dropFirst().compactMap { call in
        call.time.map { "order \(call.key.size): \(Decimal.time($0))" }
      }
      let name = measurand == .callMatrix ? "sgemm" : measurand.rawValue
      let note = (["a call of order \(least.key.size)"] + others).joined(separator: "; ")
      return (name, measure(Decimal.time(time), least, note) { Decimal.time($0 / least.work) })
    }
  }

  /// A measured figure: its value, the spread as a range and in words.
  func measure(
    _ value: String, _ result: Sampler.Result, _ note: String, format: (Double) -> String
  ) -> JSONText {
    var members: [(key: String, value: JSONText)] = [
      ("value", .string(value)), ("basis", .string("measured")),
      ("source", .string("calibration")), ("verified", .boolean(true)),
      ("note", .string("\(note); \(Self.quality(of: result.series))")),
    ]
    if let range = Self.range(of: result, format: format) {
      members.append(("range", .array(range.map(JSONText.string))))
    }
    return .object(members)
  }

  /// A figure of the operating system.
  func stated(_ value: String, note: String? = nil) -> JSONText {
    .object(
      [
        ("value", .string(value)), ("basis", .string("measured")), ("source", .string("system")),
        ("verified", .boolean(true)),
      ] + (note.map { [("note", .string($0))] } ?? []))
  }

  /// Spread and samples in words.
  static func quality(of series: Series) -> String {
    let spread = series.spread.map(Decimal.percent) ?? "unknown"
    let rounds = series.roundMinima.count
    let samples =
      series.isClean
      ? "\(series.cleanCount) of \(series.count) samples clean"
      : "none of \(series.count) samples clean"
    return "spread \(spread) over \(rounds) \(rounds == 1 ? "round" : "rounds"), \(samples)"
  }

  /// The best and the median over the rounds, lowest first.
  private static func range(
    of result: Sampler.Result, format: (Double) -> String
  ) -> [String]? {
    guard let best = result.series.best, let spread = result.series.spread, spread > 0 else {
      return nil
    }
    let (low, high) = (best, best * (1 + spread))
    return result.key.measurand.isTime
      ? [format(low), format(high)] : [format(result.work / high), format(result.work / low)]
  }
}

extension Measurand {
  /// Whether its figure is a time, so that less is better.
  var isTime: Bool { unit == .load || unit == .call }
}
