/// Softmax attention of one operation: its sizes, and where the elements of each operand are.
///
/// o[i, h] = Σ_p softmax_p(q[i, h]·k[p, h·G/H] / √d_q) v[p, h·G/H]; q: [S, H, d_q], k: [n + S, G, d_q],
/// v: [n + S, G, d_v], o: [S, H, d_v], for each of b sequences.
struct AttentionJob<Scalar: KernelScalar> {
  let batch: Int
  let heads: Int
  let kvHeads: Int
  let headSize: Int
  let valueHeadSize: Int
  let visibility: Visibility
  /// Elements by sequence, token (of keys: position), head and channel.
  let query: (Int, Int, Int, Int) -> Scalar
  let key: (Int, Int, Int, Int) -> Scalar
  let value: (Int, Int, Int, Int) -> Scalar
  let write: (Int, Int, Int, Int, Scalar) -> Void
  /// Whether there is a key at a position: a window's cache holds no others.
  let isKept: (Int) -> Bool
  /// The width whose root scales the scores, where it is not that of the product.
  var scaledWidth: Int?

  var queries: Int { visibility.keys.count }
  /// Query heads that share keys and values: H/G.
  var group: Int { heads / kvHeads }
  var scale: Scalar { Scalar(1 / Double(scaledWidth ?? headSize).squareRoot()) }

  /// Sequences and query heads.
  var places: [(sequence: Int, head: Int)] {
    (0..<batch).flatMap { sequence in (0..<heads).map { (sequence, $0) } }
  }

  /// Every query over the runs of its keys: a decode step, and any pattern without loss.
  ///
  /// A pair is scored, scaled, compared, subtracted and summed; a row is divided once.
  func runRuns() {
    for (sequence, head) in places {
      for row in 0..<queries { runRow(sequence, row, head, padding: 0) }
    }
  }

  /// Every query over tiles of `columns` gathered keys: the last tile of a query is padded.
  func runGathered(columns: Int) {
    for (sequence, head) in places {
      for row in 0..<queries {
        let keys = visibility.keys[row].count
        let tiles = (keys + columns - 1) / columns
        Counter.current?.tiles += tiles
        runRow(sequence, row, head, padding: tiles * columns - keys)
      }
    }
  }

  private func runRow(_ sequence: Int, _ row: Int, _ head: Int, padding: Int) {
    let keys = visibility.keys[row]
    let shared = head / group
    Counter.current?.pairs += keys.count
    // weights: [keys], scores first.
    var weights = keys.map { position in
      Scalar.dot(headSize) { (query(sequence, row, head, $0), key(sequence, position, shared, $0)) }
        * scale
    }
    var largest = Scalar(-Double.infinity)
    for score in weights { largest = .larger(largest, score) }
    var sum = Scalar.zero
    for place in weights.indices {
      weights[place] = (weights[place] - largest).exponential
      sum = sum + weights[place]
    }
    let divisor = sum.reciprocal
    for channel in 0..<valueHeadSize {
      let output = Scalar.dot(keys.count) {
        (weights[$0], value(sequence, keys[$0], shared, channel))
      }
      write(sequence, row, head, channel, output * divisor)
    }
    // What fills the last tile is multiplied too.
    _ = Scalar.dot(padding * (headSize + valueHeadSize)) { _ in (.zero, .zero) }
  }
}
