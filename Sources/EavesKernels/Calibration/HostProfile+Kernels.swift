public import Eaves
import Quantities

extension HostProfile {
  /// Pieces of kernels on one thread; `nil` where reading was not measured.
  var kernels: JSONText? {
    let reading = host.curve([.read, .readDot])
    guard !reading.isEmpty else { return nil }
    var members: [(key: String, value: JSONText)] = [
      ("reading", .array(reading.map { point($0, "reading") }))
    ]
    let copying = host.curve([.copy])
    if !copying.isEmpty {
      members.append(("copying", .array(copying.map { point($0, "copying") })))
    }
    let times = host.pieceTimes
    let pieces = KernelPiece.allCases.compactMap { piece in
      times.times[piece].map {
        (
          key: piece.rawValue,
          value: figure($0, Decimal.time($0.value.value), of: piece.unit)
        )
      }
    }
    if !pieces.isEmpty { members.append(("times", .object(pieces))) }
    let shares = KernelMaker.allCases.compactMap { maker in
      times.exposedShares[maker].map {
        (key: maker.rawValue, value: figure($0, Decimal.text($0.value.value, digits: 3)))
      }
    }
    if !shares.isEmpty { members.append(("exposed_share", .object(shares))) }
    let reaches = KernelStream.allCases.compactMap { stream in
      times.reaches[stream].map {
        (key: stream.rawValue, value: figure($0, Decimal.text($0.value.value, digits: 3)))
      }
    }
    if !reaches.isEmpty { members.append(("main_memory_share", .object(reaches))) }
    return .object(members)
  }

  private func point(_ result: Sampler.Result, _ verb: String) -> JSONText {
    .object([
      ("working_set", .string(Decimal.bytes(result.key.size))),
      (
        "bandwidth",
        measure(
          Decimal.rate(result.rate ?? 0, "B/s"), result, "\(verb), \(result.key.measurand.words)"
        ) { Decimal.rate($0, "B/s") }
      ),
    ])
  }

  private func figure<Kind>(
    _ measure: Measure<Kind>, _ value: String, of unit: String? = nil
  ) -> JSONText {
    let note = [unit, measure.note].compactMap { $0 }.joined(separator: "; ")
    return .object(
      [
        ("value", .string(value)), ("basis", .string("measured")),
        ("source", .string(measure.source)), ("verified", .boolean(true)),
      ] + (note.isEmpty ? [] : [("note", .string(note))]))
  }
}

extension HostMeasurements {
  /// Curves and pieces as the time of kernels is predicted from them.
  public var pieceTimes: KernelTimes {
    var times = KernelTimes(
      reading: points([.read, .readDot]), copying: points([.copy]))
    let samples = results([.piece]).compactMap { result in
      result.key.program.flatMap { program in result.time.map { (program, $0) } }
    }
    let fit = PieceFit(samples, curves: times, lastCache: topology.lastCacheBytes)
    for (piece, seconds) in fit.times {
      times.times[piece] = Self.measure(Seconds(seconds), fit.notes[piece])
    }
    for (maker, share) in fit.exposedShares {
      times.exposedShares[maker] = Self.measure(
        Ratio(share), "the median over programs whose data come from farther caches")
    }
    for (stream, share) in fit.reaches {
      times.reaches[stream] = Self.measure(
        Ratio(share), "a matrix of three times the last cache, against the curve of reading")
    }
    if let peak = fastest([.sgemm, .vectorF32], threads: 1)?.rate {
      times.times[.peakMultiply] = Self.measure(
        Seconds(2 / max(peak, fastestProduct)), "the fastest of all products and vectors")
    }
    return times
  }

  /// FLOPs a second of the fastest product among the pieces.
  private var fastestProduct: Double {
    results([.piece]).compactMap { result -> Double? in
      guard let time = result.time else { return nil }
      return switch result.key.program {
      case .product(let m, let n, let k), .sum(let m, let n, let k):
        2 * Double(m * n * k) / time
      default: nil
      }
    }.max() ?? 0
  }

  private func points(_ measurands: Set<Measurand>) -> [KernelTimes.Point] {
    curve(measurands).compactMap { result in
      result.rate.map { rate in
        KernelTimes.Point(
          workingSet: Bytes(Double(result.key.size)),
          bandwidth: Self.measure(BytesPerSecond(rate), nil))
      }
    }
  }

  /// The fastest of some quantities on one thread at each working set, smallest first.
  func curve(_ measurands: Set<Measurand>) -> [Sampler.Result] {
    var best: [Int: Sampler.Result] = [:]
    for result in results(measurands, threads: 1)
    where (result.rate ?? 0) > (best[result.key.size]?.rate ?? 0) {
      best[result.key.size] = result
    }
    return best.values.sorted { $0.key.size < $1.key.size }
  }

  private static func measure<Kind: Quantity>(_ value: Kind, _ note: String?) -> Measure<Kind> {
    Measure(value, basis: .measured, source: "calibration", isVerified: true, note: note)
  }
}
