import Eaves

/// The recurrence of Mamba-2, as it stands for one token and in chunks for several (Dao and Gu 2024, section 6 and
/// listing 1).
///
/// Input rows [T, x | B | C | Δ] = [T, d_i + 2·g·N + H]; weights [3, H]: decay A, bias of the step size, skip D;
/// state [b·d_i, N]; output [T, d_i]. a = exp(Δ·A), h = a·h + B·(Δ·x), y = C·h + D·x; Δ after softplus.
struct SSDChunks<Scalar: KernelScalar> {
  let shape: Mamba2
  let batch: Int
  let tokens: Int
  private let input: Buffer<Scalar>
  private let weights: Buffer<Scalar>
  private let state: Buffer<Scalar>
  private let output: Buffer<Scalar>

  /// - Throws: `KernelError` where the operands have other sizes.
  init(
    _ buffers: Buffers<Scalar>, _ shape: Mamba2, batch: Int, tokens: Int
  ) throws(KernelError) {
    self.shape = shape
    self.batch = batch
    self.tokens = tokens
    let columns = shape.inner + 2 * shape.groups * shape.state + shape.heads
    input = try buffers.buffer(0, rows: batch * tokens, columns: columns)
    weights = try buffers.buffer(1, rows: 3, columns: shape.heads)
    state = try buffers.buffer(2, rows: batch * shape.inner, columns: shape.state)
    output = try buffers.output()
  }

  private var group: Int { shape.heads / shape.groups }

  private func b(_ row: Int, _ shared: Int, _ n: Int) -> Scalar {
    input[row, shape.inner + shared * shape.state + n]
  }

  private func c(_ row: Int, _ shared: Int, _ n: Int) -> Scalar {
    input[row, shape.inner + (shape.groups + shared) * shape.state + n]
  }

  /// Step size and the logarithm of the decay.
  private func step(_ row: Int, _ head: Int) -> (delta: Scalar, decay: Scalar) {
    let raw = input[row, shape.inner + 2 * shape.groups * shape.state + head]
    let delta = (raw + weights[1, head]).softplus
    return (delta, delta * weights[0, head])
  }

  /// Runs all sequences.
  func run() {
    for sequence in 0..<batch {
      let rows = sequence * tokens..<(sequence + 1) * tokens
      if tokens == 1 {
        for head in 0..<shape.heads { runToken(rows.lowerBound, sequence, head) }
      } else {
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: shape.chunk) {
          run(first..<min(first + shape.chunk, rows.upperBound), sequence)
        }
      }
    }
  }

  private func runToken(_ row: Int, _ sequence: Int, _ head: Int) {
    let (delta, decay) = step(row, head)
    let factor = decay.exponential
    for channel in head * shape.headSize..<(head + 1) * shape.headSize {
      let x = input[row, channel]
      let taken = delta * x
      let place = sequence * shape.inner + channel
      for n in 0..<shape.state {
        state[place, n] = factor * state[place, n] + b(row, head / group, n) * taken
      }
      let read = Scalar.laneDot(shape.state) { (c(row, head / group, $0), state[place, $0]) }
      output[row, channel] = read + weights[2, head] * x
    }
  }

  /// One chunk: C·Bᵀ once a group, its pairs in a whole square; what the state gives; the state after it.
  private func run(_ rows: Range<Int>, _ sequence: Int) {
    let start = rows.lowerBound
    for shared in 0..<shape.groups {
      // products: [Q, Q]
      let products = rows.map { row in
        rows.map { other in
          Scalar.dot(shape.state) { (c(row, shared, $0), b(other, shared, $0)) }
        }
      }
      for head in shared * group..<(shared + 1) * group {
        let steps = rows.map { step($0, head) }
        // sums: [Q], the logarithm of the decay from the chunk's start up to each token.
        var sums: [Scalar] = []
        for step in steps { sums.append(sums.last.map { $0 + step.decay } ?? step.decay) }
        let into = sums.map(\.exponential)
        let whole = sums[sums.count - 1]
        let out = sums.map { (whole - $0).exponential }
        let last = whole.exponential
        // weights: [Q, Q], masked above the diagonal.
        let pairs = rows.map { row in
          rows.map { other in
            guard other <= row else { return Scalar.zero }
            return products[row - start][other - start]
              * (sums[row - start] - sums[other - start]).exponential
          }
        }
        for channel in head * shape.headSize..<(head + 1) * shape.headSize {
          let place = sequence * shape.inner + channel
          let taken = rows.map { steps[$0 - start].delta * input[$0, channel] }
          for row in rows {
            let old = Scalar.dot(shape.state) { (c(row, shared, $0), state[place, $0]) }
            let sum = Scalar.dot(rows.count) { (pairs[row - start][$0], taken[$0]) }
            output[row, channel] =
              sum + old * into[row - start] + weights[2, head] * input[row, channel]
          }
          let left = taken.indices.map { taken[$0] * out[$0] }
          for n in 0..<shape.state {
            let made = Scalar.dot(rows.count) { (b(start + $0, shared, n), left[$0]) }
            state[place, n] = last * state[place, n] + made
          }
        }
      }
    }
  }
}
