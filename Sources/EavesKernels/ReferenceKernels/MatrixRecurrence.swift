import Eaves

/// One token of a mixer whose heads keep a matrix state [d_k, d_v], on lanes.
///
/// RWKV-6 (Eagle and Finch, section 4), RWKV-7 (Goose, section 4) and the gated delta rule (Gated Delta Networks,
/// section 3). Decays are there already, as factors.
struct MatrixRecurrence<Scalar: KernelScalar> {
  let rule: MatrixRule
  let size: MatrixStateSize
  /// Heads of queries and keys.
  let keyHeads: Int
  private let input: Buffer<Scalar>
  private let bonus: Buffer<Scalar>?
  private let state: Buffer<Scalar>
  private let output: Buffer<Scalar>

  /// - Throws: `KernelError` where the operands have other sizes.
  init(
    _ buffers: Buffers<Scalar>, _ rule: MatrixRule, _ size: MatrixStateSize, keyHeads: Int
  ) throws(KernelError) {
    self.rule = rule
    self.size = size
    self.keyHeads = keyHeads
    input = buffers[0]
    bonus = buffers.with(.weights).first
    guard let state = buffers.with(.state).first, input.rows == size.batch,
      state.columns == size.heads * size.state
    else { throw .operandMismatch("no state of \(size.state) elements a head") }
    self.state = state
    output = try buffers.output()
  }

  /// Runs the token of every sequence.
  func run() {
    for row in 0..<size.batch {
      for head in 0..<size.heads {
        switch rule {
        case .rwkv6: runRWKV6(row, head)
        case .rwkv7: runRWKV7(row, head)
        case .gatedDelta: runGatedDelta(row, head)
        }
      }
    }
  }

  /// Part `part` of the input, each H·d wide.
  private func part(_ part: Int, _ row: Int, _ head: Int, _ i: Int) -> Scalar {
    input[row, (part * size.heads + head) * size.keyWidth + i]
  }

  private func place(_ head: Int, _ i: Int, _ j: Int) -> Int {
    head * size.state + i * size.valueWidth + j
  }

  private func write(_ row: Int, _ head: Int, _ query: (Int) -> Scalar) {
    for j in 0..<size.valueWidth {
      output[row, head * size.valueWidth + j] =
        Scalar.laneDot(size.keyWidth) { (query($0), state[row, place(head, $0, j)]) }
    }
  }

  private func runRWKV6(_ row: Int, _ head: Int) {
    guard let bonus else { return }
    for j in 0..<size.valueWidth {
      var sum = Scalar.zero
      for i in 0..<size.keyWidth {
        let made = part(1, row, head, i) * part(2, row, head, j)
        let old = state[row, place(head, i, j)]
        sum = sum + part(0, row, head, i) * (old + bonus[0, head * size.keyWidth + i] * made)
        state[row, place(head, i, j)] = part(3, row, head, i) * old + made
      }
      output[row, head * size.valueWidth + j] = sum
    }
  }

  private func runRWKV7(_ row: Int, _ head: Int) {
    for j in 0..<size.valueWidth {
      let along = Scalar.laneDot(size.keyWidth) {
        (part(4, row, head, $0), state[row, place(head, $0, j)])
      }
      for i in 0..<size.keyWidth {
        state[row, place(head, i, j)] =
          state[row, place(head, i, j)] * part(1, row, head, i) + along * part(5, row, head, i)
          + part(2, row, head, i) * part(3, row, head, j)
      }
    }
    write(row, head) { part(0, row, head, $0) }
  }

  private func runGatedDelta(_ row: Int, _ head: Int) {
    let keys = keyHeads * size.keyWidth
    let shared = head * keyHeads / size.heads * size.keyWidth
    let values = 2 * keys
    let gates = values + size.heads * size.valueWidth
    for j in 0..<size.valueWidth {
      for i in 0..<size.keyWidth {
        state[row, place(head, i, j)] = state[row, place(head, i, j)] * input[row, gates + head]
      }
      let recalled = Scalar.laneDot(size.keyWidth) {
        (input[row, keys + shared + $0], state[row, place(head, $0, j)])
      }
      let correction =
        (input[row, values + head * size.valueWidth + j] - recalled)
        * input[row, gates + size.heads + head]
      for i in 0..<size.keyWidth {
        state[row, place(head, i, j)] =
          state[row, place(head, i, j)] + input[row, keys + shared + i] * correction
      }
    }
    write(row, head) { input[row, shared + $0] }
  }
}

/// What a token does to the state.
enum MatrixRule: String, Sendable, CaseIterable {
  /// o = r·(S + u∘kvᵀ), S = w∘S + kvᵀ; input r, k, v, w [H·d], and u [H·d].
  case rwkv6
  /// S = S∘w + (a·S)b + kvᵀ, o = r·S; input r, w, k, v, a, b [H·d].
  case rwkv7
  /// S = g·S, S = S + k(v − k·S)β, o = q·S; input q, k [G·d_k], v [H·d_v], g, β [H].
  case gatedDelta = "gated_delta"
}
