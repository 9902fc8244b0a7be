import Eaves
import Quantities

/// Times of pieces, found from programs that run several of them.
struct PieceFit {
  /// Seconds for a unit of each piece.
  private(set) var times: [KernelPiece: Double] = [:]
  /// For each piece the programs that it was found from, and how far they are from what their pieces add up to.
  private(set) var notes: [KernelPiece: String] = [:]
  /// What part of the shorter of in-core time and transfer kernels of a maker do not hide.
  private(set) var exposedShares: [KernelMaker: Double] = [:]
  /// What share of the bandwidth of main memory each way of going through it reaches.
  private(set) var reaches: [KernelStream: Double] = [:]

  /// Finds the pieces of programs that were measured.
  /// - Parameters:
  ///   - samples: Programs and the seconds of one run.
  ///   - curves: What is known of bandwidths: what bytes take beyond the nearest cache belongs to no piece.
  ///   - lastCache: Bytes of the last cache.
  init(
    _ samples: [(program: PieceProgram, seconds: Double)], curves: KernelTimes, lastCache: Int = 0
  ) {
    guard let model = KernelModel(curves) else { return }
    let streaming = Set(PiecePlan.streaming)
    let distant = Set(PiecePlan.far(lastCache: lastCache))
    let near = samples.filter {
      !streaming.contains($0.program) && !distant.contains($0.program)
    }
    for (group, members) in Dictionary(grouping: near, by: { $0.program.group }) {
      fit(members.sorted { $0.program.label < $1.program.label }, group, model)
    }
    let far = samples.filter { streaming.contains($0.program) }
    for (maker, members) in Dictionary(grouping: far, by: { $0.program.maker }) {
      exposedShares[maker] = exposedShare(members, model)
    }
    for sample in samples where distant.contains(sample.program) {
      guard let stream = sample.program.stream else { continue }
      if let reach = reach(sample.program, sample.seconds, model) { reaches[stream] = reach }
    }
  }

  /// The share of the bandwidth that explains what a program took: what is left of its time beside its work, as far as
  /// that is not hidden, is transfer.
  private func reach(
    _ program: PieceProgram, _ seconds: Double, _ model: KernelModel
  ) -> Double? {
    let inCore = program.units.reduce(0) { $0 + $1.value * (times[$1.key] ?? 0) }
    let (all, beyond) = model.transfer(program)
    let transfer = all.value
    switch program {
    case .product, .sum:
      // The library copies, then multiplies.
      let left = seconds - inCore + (transfer - beyond.value)
      return min(1, transfer / max(transfer, left))
    default:
      // Nothing is seen of memory where the core is slower.
      guard inCore < transfer else { return nil }
      let share = exposedShares[program.maker] ?? 0
      let left = seconds - share * min(inCore, transfer)
      return min(1, transfer / max(transfer, left))
    }
  }

  /// The median over programs of what is left over, as a share of the shorter of in-core time and transfer.
  private func exposedShare(
    _ samples: [(program: PieceProgram, seconds: Double)], _ model: KernelModel
  ) -> Double? {
    let shares = samples.compactMap { program, seconds -> Double? in
      let inCore = program.units.reduce(0) { $0 + $1.value * (times[$1.key] ?? 0) }
      let transfer = model.transfer(program).all.value
      let (shorter, longer) = (min(inCore, transfer), max(inCore, transfer))
      return shorter > 0 ? min(1, max(0, (seconds - longer) / shorter)) : nil
    }.sorted()
    return shares.isEmpty ? nil : shares[shares.count / 2]
  }

  private mutating func fit(
    _ samples: [(program: PieceProgram, seconds: Double)], _ group: String, _ model: KernelModel
  ) {
    let pieces = Set(samples.flatMap { $0.program.units.keys }).sorted { $0.rawValue < $1.rawValue }
    let units = samples.map { sample in
      let own = sample.program.units
      return pieces.map { own[$0] ?? 0 }
    }
    let inCore = samples.map { sample in
      // A library streams what it copies; lanes compute meanwhile. A quarter at least is left.
      sample.program.maker == .lanes
        ? sample.seconds
        : max(
          sample.seconds / 4, sample.seconds - model.transfer(sample.program).beyondNearest.value)
    }
    let found = NonNegativeFit.coefficients(units: units, times: inCore)
    let errors = zip(units, inCore).map { row, time in
      abs(zip(row, found).reduce(0) { $0 + $1.0 * $1.1 } / time - 1)
    }
    let mean = errors.reduce(0, +) / Double(max(1, errors.count))
    let programs = "\(group): \(samples.count) \(samples.count == 1 ? "program" : "programs")"
    // As many pieces as programs leave nothing to be off by.
    let note =
      samples.count <= pieces.count
      ? programs
      : "\(programs), from which their pieces are \(Decimal.percent(mean)) off in the mean and "
        + "\(Decimal.percent(errors.max() ?? 0)) at most"
    for (piece, seconds) in zip(pieces, found) {
      times[piece] = seconds
      notes[piece] = note
    }
  }
}

extension KernelModel {
  /// What the bytes of a program take.
  fileprivate func transfer(_ program: PieceProgram) -> (all: Seconds, beyondNearest: Seconds) {
    let bytes = program.bytes
    return transfer(
      reads: Bytes(bytes.read), writes: Bytes(bytes.written),
      workingSet: Bytes(bytes.read + bytes.written))
  }
}
