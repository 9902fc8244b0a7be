import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct PieceFitTests {
  /// One level, so that nothing is exposed.
  static let curves = KernelTimes(
    reading: [
      KernelTimes.Point(
        workingSet: Bytes(1024),
        bandwidth: Measure(
          BytesPerSecond(1e11), basis: .measured, source: "test", isVerified: true))
    ])

  /// Programs that take exactly what planted pieces add up to.
  @Test(arguments: [true, false])
  func plantedPiecesAreFound(isFull: Bool) throws {
    var truth: [KernelPiece: Double] = [:]
    for (index, piece) in KernelPiece.allCases.enumerated() {
      truth[piece] = 1e-12 * Double(index + 3)
    }
    let samples = PiecePlan.programs(isFull: isFull).map { program in
      (
        program: program,
        seconds: program.units.reduce(0) { $0 + $1.value * (truth[$1.key] ?? 0) }
      )
    }
    let fit = PieceFit(samples, curves: Self.curves)
    for sample in samples {
      let found = sample.program.units.reduce(0) { $0 + $1.value * (fit.times[$1.key] ?? 0) }
      #expect(abs(found / sample.seconds - 1) < 0.01, "\(sample.program.label)")
    }
    for piece in fit.times.keys {
      #expect(fit.notes[piece]?.contains("programs") == true || fit.notes[piece] != nil)
    }
  }

  /// Programs touch no more than the cache of a core, and every piece but the peak has one.
  @Test func everyPieceHasAProgram() {
    let programs = PiecePlan.programs(isFull: true)
    let pieces = Set(programs.flatMap(\.units.keys))
    let own: Set<KernelPiece> = [
      .smallProductMultiply, .smallProductResult, .smallSumMultiply, .smallSumResult,
    ]
    for piece in KernelPiece.allCases where piece != .peakMultiply && !own.contains(piece) {
      #expect(pieces.contains(piece), "\(piece.rawValue)")
    }
    #expect(Set(programs.map(\.label)).count == programs.count)
  }

  /// What bytes take beyond the nearest cache is taken off a library's times, which stream what they copy.
  @Test func exposureBelongsToNoPiece() throws {
    var curves = Self.curves
    curves.reading.append(
      KernelTimes.Point(
        workingSet: Bytes(1_048_576),
        bandwidth: Measure(
          BytesPerSecond(1e10), basis: .measured, source: "test", isVerified: true)))
    let model = try #require(KernelModel(curves))
    let programs = [(64, 512, 320), (96, 512, 320), (8, 512, 320), (8, 320, 512), (24, 320, 320)]
      .map { PieceProgram.product(rows: $0.0, columns: $0.1, depth: $0.2) }
    let samples = programs.map { program in
      let bytes = program.bytes
      let far = model.transfer(
        reads: Bytes(bytes.read), writes: Bytes(bytes.written),
        workingSet: Bytes(bytes.read + bytes.written))
      let inCore = 1e-10 * (program.units[.productMultiply] ?? 0)
      return (program: program, seconds: inCore + far.beyondNearest.value)
    }
    let fit = PieceFit(samples, curves: curves)
    #expect(abs((fit.times[.productMultiply] ?? 0) / 1e-10 - 1) < 1e-3)
  }

  /// A fifth of the shorter of in-core time and transfer that is not hidden is found.
  @Test func exposedSharesAreFound() throws {
    let model = try #require(KernelModel(Self.curves))
    let near = PiecePlan.programs(isFull: true).filter { $0.group == "lanes" }
    func inCore(_ program: PieceProgram) -> Double {
      program.units.reduce(0) { $0 + $1.value * ($1.key == .lanesElement ? 2e-11 : 1e-9) }
    }
    let far = PiecePlan.streaming.filter { $0.group == "lanes" }.map { program in
      let bytes = program.bytes
      let transfer = model.transfer(
        reads: Bytes(bytes.read), writes: Bytes(bytes.written),
        workingSet: Bytes(bytes.read + bytes.written)
      ).all.value
      let own = inCore(program)
      return (program: program, seconds: max(own, transfer) + 0.2 * min(own, transfer))
    }
    let fit = PieceFit(near.map { ($0, inCore($0)) } + far, curves: Self.curves)
    #expect(abs((fit.exposedShares[.lanes] ?? 0) - 0.2) < 1e-6)
  }

  /// A way that reaches half of the bandwidth of main memory is found to; one that the core slows down tells nothing.
  @Test func reachesAreFound() throws {
    let cache = 1 << 20
    let model = try #require(KernelModel(Self.curves))
    let near = PiecePlan.programs(isFull: true).filter {
      $0.group == "vector" || $0.group == "lanes"
    }
    func inCore(_ program: PieceProgram, _ element: Double) -> Double {
      program.units.reduce(0) {
        $0 + $1.value * ($1.key.rawValue.hasSuffix("element") ? element : 1e-12)
      }
    }
    let far = PiecePlan.far(lastCache: cache).filter { $0.group == "vector" || $0.group == "lanes" }
    let samples = far.map { program in
      let bytes = program.bytes
      let transfer = model.transfer(
        reads: Bytes(bytes.read), writes: Bytes(bytes.written),
        workingSet: Bytes(bytes.read + bytes.written)
      ).all.value
      return (
        program: program,
        seconds: program.group == "lanes" ? inCore(program, 1e-9) : 2 * transfer
      )
    }
    let nearSamples = near.map { program in
      (program: program, seconds: inCore(program, program.group == "lanes" ? 1e-9 : 1e-13))
    }
    let fit = PieceFit(nearSamples + samples, curves: Self.curves, lastCache: cache)
    #expect(abs((fit.reaches[.vector] ?? 0) - 0.5) < 0.01)
    #expect(abs((fit.reaches[.vectorShort] ?? 0) - 0.5) < 0.01)
    #expect(fit.reaches[.lanes] == nil)
  }
}
