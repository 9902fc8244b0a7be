import Eaves

/// Sizes of a mixer whose heads keep a matrix of d_k × d_v.
struct MatrixStateSize: Sendable, Hashable {
  let batch: Int
  let tokens: Int
  let heads: Int
  let keyWidth: Int
  let valueWidth: Int
  /// Elements of the state of a head beside the matrix.
  var extra = 0

  /// Elements of the state of a head.
  var state: Int { keyWidth * valueWidth + extra }
  var rows: Int { batch * tokens }
}

/// Kernelised attention: o = φ(q)·Σ φ(k)vᵀ / φ(q)·Σ φ(k) (Katharopoulos 2020, sections 3.2 and 3.4).
///
/// Input rows [T, φ(q) of all heads | φ(k) | v] = [T, H·(2f + d_v)], state S [f, d_v] then z [f] a head, output
/// [T, H·d_v]. The recurrence on lanes for one token; chunks of C as matrix work for several.
struct LinearAttentionKernel<Scalar: KernelScalar> {
  let size: MatrixStateSize
  let chunk: Int
  let input: Buffer<Scalar>
  let state: Buffer<Scalar>?
  let output: Buffer<Scalar>

  /// - Throws: `KernelError` where the operands have other sizes.
  init(
    _ buffers: Buffers<Scalar>, _ size: MatrixStateSize, chunk: Int
  ) throws(KernelError) {
    self.size = size
    self.chunk = chunk
    let width = size.heads * (2 * size.keyWidth + size.valueWidth)
    input = try buffers.buffer(0, rows: size.rows, columns: width)
    state = buffers.with(.state).first
    output = try buffers.output()
    guard state.map({ $0.columns == size.heads * size.state }) ?? true,
      output.columns == size.heads * size.valueWidth
    else { throw .operandMismatch("a state of \(size.state) elements a head") }
  }

  private func query(_ row: Int, _ head: Int, _ i: Int) -> Scalar {
    input[row, head * size.keyWidth + i]
  }

  private func key(_ row: Int, _ head: Int, _ i: Int) -> Scalar {
    input[row, (size.heads + head) * size.keyWidth + i]
  }

  private func value(_ row: Int, _ head: Int, _ j: Int) -> Scalar {
    input[row, 2 * size.heads * size.keyWidth + head * size.valueWidth + j]
  }

  /// Runs all heads of all sequences.
  func run() {
    let (f, width) = (size.keyWidth, size.valueWidth)
    for sequence in 0..<size.batch {
      for head in 0..<size.heads {
        let place = head * size.state
        // memory: [f, d_v]; sums: [f].
        var memory = Array(repeating: Scalar.zero, count: f * width)
        var sums = Array(repeating: Scalar.zero, count: f)
        if let state {
          for i in memory.indices { memory[i] = state[sequence, place + i] }
          for i in sums.indices { sums[i] = state[sequence, place + f * width + i] }
        }
        let rows = sequence * size.tokens..<(sequence + 1) * size.tokens
        if state == nil {
          runAll(rows, head, &memory, &sums)
        } else if size.tokens == 1 {
          runToken(sequence, head, &memory, &sums)
        } else {
          for first in stride(from: rows.lowerBound, to: rows.upperBound, by: chunk) {
            runChunk(first..<min(first + chunk, rows.upperBound), head, &memory, &sums)
          }
        }
        guard let state else { continue }
        for i in memory.indices { state[sequence, place + i] = memory[i] }
        for i in sums.indices { state[sequence, place + f * width + i] = sums[i] }
      }
    }
  }

  /// The sum of keys and the normaliser of a row: 3·f lane operations and a reciprocal.
  private func normaliser(_ row: Int, _ head: Int, _ sums: [Scalar]) -> Scalar {
    Scalar.laneDot(size.keyWidth) { (query(row, head, $0), sums[$0]) }.reciprocal
  }

  private func addKeys(_ row: Int, _ head: Int, _ sums: inout [Scalar]) {
    for i in sums.indices { sums[i] = sums[i] + key(row, head, i) }
  }

  /// One token: 4·f·d_v lane operations.
  private func runToken(
    _ row: Int, _ head: Int, _ memory: inout [Scalar], _ sums: inout [Scalar]
  ) {
    let width = size.valueWidth
    addKeys(row, head, &sums)
    for i in memory.indices {
      memory[i] = memory[i] + key(row, head, i / width) * value(row, head, i % width)
    }
    let divisor = normaliser(row, head, sums)
    for j in 0..<width {
      output[row, head * width + j] =
        Scalar.laneDot(size.keyWidth) { (query(row, head, $0), memory[$0 * width + j]) } * divisor
    }
  }

  /// A chunk: its pairs in a whole square, what the state before it gives, and the state after it.
  private func runChunk(
    _ rows: Range<Int>, _ head: Int, _ memory: inout [Scalar], _ sums: inout [Scalar]
  ) {
    let (f, width) = (size.keyWidth, size.valueWidth)
    for row in rows {
      addKeys(row, head, &sums)
      let divisor = normaliser(row, head, sums)
      let scores = rows.map { other in
        let score = Scalar.dot(f) { (query(row, head, $0), key(other, head, $0)) }
        return other > row ? Scalar.zero : score
      }
      for j in 0..<width {
        var sum = Scalar.dot(f) { (query(row, head, $0), memory[$0 * width + j]) }
        for (other, score) in zip(rows, scores) {
          sum = sum.adding(product: score, value(other, head, j))
        }
        output[row, head * width + j] = sum * divisor
      }
    }
    update(rows, head, &memory)
  }

  private func update(_ rows: Range<Int>, _ head: Int, _ memory: inout [Scalar]) {
    let width = size.valueWidth
    for i in memory.indices {
      for row in rows {
        memory[i] = memory[i].adding(
          product: key(row, head, i / width), value(row, head, i % width))
      }
    }
  }

  /// Not causal: the sum over all tokens, then every query.
  private func runAll(
    _ rows: Range<Int>, _ head: Int, _ memory: inout [Scalar], _ sums: inout [Scalar]
  ) {
    let width = size.valueWidth
    for row in rows { addKeys(row, head, &sums) }
    update(rows, head, &memory)
    for row in rows {
      let divisor = normaliser(row, head, sums)
      for j in 0..<width {
        output[row, head * width + j] =
          Scalar.dot(size.keyWidth) { (query(row, head, $0), memory[$0 * width + j]) } * divisor
      }
    }
  }
}
