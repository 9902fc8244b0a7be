import COpenBLAS
import EavesBlocks

/// The programs of pieces, ready to be timed on one thread.
enum PieceProbes {
  /// - Parameters:
  ///   - isFull: Whether every program is timed, or about half of them.
  ///   - lastCache: Bytes of the last cache; 0 leaves main memory out.
  /// - Returns: A probe for each program.
  static func probes(isFull: Bool, lastCache: Int) -> [Probe] {
    let far = lastCache > 0 ? PiecePlan.far(lastCache: lastCache) : []
    // One memory for all large matrices.
    let arena =
      far.isEmpty ? nil : AlignedBuffer(bytes: far.map(\.matrixBytes).max() ?? 0, filling: 0.25)
    return (PiecePlan.programs(isFull: isFull) + PiecePlan.streaming + far).map { program in
      let body = body(of: program, far.contains(program) ? arena : nil)
      return Probe(
        .init(.piece, size: 0, program: program), work: 1,
        prepare: { openblas_set_num_threads(1) }
      ) { _, count in
        for _ in 0..<count { body() }
      }
    }
  }

  private static func floats(_ count: Int, _ value: Float = 0.25) -> AlignedBuffer {
    AlignedBuffer(bytes: 4 * count, filling: value)
  }

  private static func body(of program: PieceProgram, _ arena: AlignedBuffer?) -> () -> Void {
    switch program {
    case .product(let m, let n, let k): dense(m, n, k, isSum: false, arena)
    case .sum(let m, let n, let k): dense(m, n, k, isSum: true, arena)
    case .vector(let n, let k): vector(n, k, isSum: false, arena)
    case .vectorSum(let n, let k): vector(n, k, isSum: true, arena)
    case .lanes(let n, let k): lanes(n, k, arena)
    case .blocks8(let n, let k): blocks(n, k, bytes: BlockDot.bytes8, arena)
    case .blocks4(let n, let k): blocks(n, k, bytes: BlockDot.bytes4, arena)
    case .decode(let group, let keys, let width): decode(group, keys, width, arena)
    case .softmax(let rows, let columns): softmax(rows, columns)
    case .online(let rows, let columns, let width): online(rows, columns, width)
    case .scan(let tokens, let channels, let states): scan(tokens, channels, states)
    case .gated(let tokens, let channels): gated(tokens, channels)
    case .lstm(let channels): lstm(channels)
    case .matrixState(let width): matrixState(width)
    case .feature(let elements): feature(elements)
    case .gate(let elements): gate(elements)
    }
  }

  private static func dense(
    _ m: Int, _ n: Int, _ k: Int, isSum: Bool, _ arena: AlignedBuffer?
  ) -> () -> Void {
    let (x, w, y) = (floats(m * k), arena ?? floats(n * k), floats(m * n))
    return {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, isSum ? CblasNoTrans : CblasTrans, Int32(m), Int32(n),
        Int32(k), 1, x.floats, Int32(k), w.floats, Int32(isSum ? n : k), 0, y.floats, Int32(n))
    }
  }

  private static func vector(
    _ n: Int, _ k: Int, isSum: Bool, _ arena: AlignedBuffer?
  ) -> () -> Void {
    let (x, w, y) = (floats(k), arena ?? floats(n * k), floats(n))
    return {
      cblas_sgemv(
        CblasRowMajor, isSum ? CblasTrans : CblasNoTrans, Int32(isSum ? k : n),
        Int32(isSum ? n : k), 1, w.floats, Int32(isSum ? n : k), x.floats, 1, 0, y.floats, 1)
    }
  }

  private static func lanes(_ n: Int, _ k: Int, _ arena: AlignedBuffer?) -> () -> Void {
    let (x, w, y) = (floats(k), arena ?? floats(n * k), floats(n))
    return { LaneGemv.multiply(w.floats, x.floats, into: y.floats, rows: n, columns: k) }
  }

  private static func blocks(
    _ n: Int, _ k: Int, bytes: Int, _ arena: AlignedBuffer?
  ) -> () -> Void {
    let size = BlockGemvSize(size: GemvSize(n, k), bytesOfBlock: bytes)
    let counts = size.floats
    let (x, rounded, y) = (floats(counts[0]), floats(counts[1]), floats(counts[3]))
    let w = arena ?? floats(counts[2])
    return {
      LaneQuantised.round(x.floats, into: rounded.floats, blocks: size.blocks)
      if bytes == BlockDot.bytes8 {
        LaneBlockGemv.multiply8(
          w.start, rounded.start, into: y.floats, rows: n, blocks: size.blocks)
      } else {
        LaneBlockGemv.multiply4(
          w.start, rounded.start, into: y.floats, rows: n, blocks: size.blocks)
      }
    }
  }

  private static func decode(
    _ group: Int, _ keys: Int, _ width: Int, _ arena: AlignedBuffer?
  ) -> () -> Void {
    let (q, entries) = (floats(group * width), arena ?? floats(2 * keys * width))
    let (output, scores) = (
      floats(group * width), floats(group * LaneAttention.blockKeys)
    )
    let statistics = floats(2 * group)
    return {
      LaneAttention.decode(
        LaneAttention.Head(
          query: q.floats, keys: entries.floats, values: entries.floats + keys * width,
          output: output.floats,
          scores: scores.floats, statistics: statistics.floats, queries: group, count: keys,
          width: width, valueWidth: width, scale: 0.125))
    }
  }

  /// Scores that do not repeat, so that the largest is anywhere.
  private static func scores(_ count: Int) -> AlignedBuffer {
    let buffer = floats(count)
    var generator = SplitMix64(seed: 9)
    for index in 0..<count { buffer.floats[index] = generator.uniform() }
    return buffer
  }

  private static func softmax(_ rows: Int, _ columns: Int) -> () -> Void {
    let (x, y) = (scores(rows * columns), floats(rows * columns))
    return {
      for row in 0..<rows {
        LaneSoftmax.row(
          x.floats + row * columns, into: y.floats + row * columns, count: columns)
      }
    }
  }

  private static func online(_ rows: Int, _ columns: Int, _ width: Int) -> () -> Void {
    let (x, y) = (scores(rows * columns), floats(rows * width))
    let statistics = floats(2 * rows)
    return {
      for row in 0..<rows {
        statistics.floats[2 * row] = 0
        let factor = LaneSoftmax.tile(
          x.floats + row * columns, count: columns, scale: 0.125,
          largest: &statistics.floats[2 * row], sum: &statistics.floats[2 * row + 1])
        LaneSoftmax.multiply(y.floats + row * width, count: width, by: factor)
      }
    }
  }

  private static func scan(_ tokens: Int, _ channels: Int, _ states: Int) -> () -> Void {
    let input = floats(tokens * (3 * channels + 2 * states))
    let (decays, skip) = (floats(channels * states, -1), floats(channels))
    let (before, after) = (floats(channels * states), floats(channels * states))
    let output = floats(tokens * channels)
    return {
      LaneScan.selective(
        input.floats, decays: decays.floats, skip: skip.floats, from: before.floats,
        state: after.floats, into: output.floats, tokens: tokens, channels: channels, states: states
      )
    }
  }

  private static func gated(_ tokens: Int, _ channels: Int) -> () -> Void {
    let (input, decays) = (floats(3 * tokens * channels), floats(channels, -1))
    let (state, output) = (floats(channels), floats(tokens * channels))
    return {
      LaneScan.gated(
        input.floats, decays: decays.floats, state: state.floats, into: output.floats,
        tokens: tokens, channels: channels)
    }
  }

  private static func lstm(_ channels: Int) -> () -> Void {
    let (products, input) = (floats(4 * channels), floats(4 * channels))
    let (memory, output) = (floats(channels), floats(channels))
    return {
      LaneGates.lstm(
        products.floats, input.floats, memory: memory.floats, into: output.floats,
        width: channels)
    }
  }

  private static func matrixState(_ width: Int) -> () -> Void {
    let (q, k, v, output) = (floats(width), floats(width), floats(width), floats(width))
    let (before, after) = (floats(width * (width + 1)), floats(width * (width + 1)))
    return {
      LaneState.token(
        q.floats, k.floats, v.floats, before.floats, into: after.floats, output.floats,
        features: width, width: width)
    }
  }

  private static func feature(_ elements: Int) -> () -> Void {
    let (input, output) = (scores(elements), floats(elements))
    return { LaneGates.elu(input.floats, into: output.floats, count: elements / 16 * 16) }
  }

  private static func gate(_ elements: Int) -> () -> Void {
    let width = elements / 16 * 16
    let (input, output) = (floats(2 * width), floats(width))
    return { LaneGates.silu(input.floats, into: output.floats, rows: 1, width: width) }
  }
}
