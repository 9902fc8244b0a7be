import Quantities

/// The recurrence of a mixer whose heads keep a matrix of d_k × d_v: linear attention, RWKV-6 and 7, gated
/// delta rules, mLSTM.
///
/// One new token: the recurrence itself, on lanes. Several: chunks of C tokens, where the pairs inside a
/// chunk and the products with the state are matrix work (docs/method.md 1). Not causal: sums over all tokens.
struct MatrixState: StateKeeping, Equatable {
  /// What one head does, apart from its widths.
  struct Rule: Hashable {
    /// Lane operations for each element of the state and token of the recurrence.
    var stateOperations: Double
    /// Products with the state for each token of a chunk: 2 are update and read.
    var stateProducts = 2.0
    /// Whether chunks need a triangular solve (delta rules).
    var solves = false
    /// Lane operations and special functions of a token, in every form.
    var vector = 0.0
    var special = 0.0
    /// The same for each pair of tokens inside a chunk (decays between them).
    var pairVector = 0.0
    var pairSpecial = 0.0
    /// Whether the state decays: in chunks one multiplication an element and chunk.
    var decays = true
    /// Further elements of the state of a head (normalisers).
    var extraState = 0
  }

  /// Heads, and widths of a key and a value (f or d_k, d_v).
  let heads: Int
  let keyWidth: Int
  let valueWidth: Int
  /// Tokens of a chunk (C).
  let chunk: Int
  let rule: Rule
  /// Columns that are read; the heads' results are written.
  let read: Int
  /// Elements of vectors: decays, bonuses.
  let vectors: Int
  private let vectorFormat: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(
    heads: Int, keyWidth: Int, valueWidth: Int, chunk: Int, _ rule: Rule, read: Int? = nil,
    vectors: Int = 0, _ formats: LayerFormats
  ) {
    self.heads = heads
    self.keyWidth = keyWidth
    self.valueWidth = valueWidth
    self.chunk = chunk
    self.rule = rule
    self.read = read ?? heads * (2 * keyWidth + valueWidth)
    self.vectors = vectors
    vectorFormat = formats.compact(.mixerVector)
    activations = CompactFormat(formats.activations)
    precision = formats.precision.precision(
      weights: formats.activations, activations: formats.activations)
  }

  /// Elements of the state of one sequence.
  var stateElements: Int { heads * (keyWidth * valueWidth + rule.extraState) }

  var stateBytes: Bytes { Bytes(4 * Double(stateElements)) }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    buffer.append(.scan, kind(step), work: work(step)) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: read, format: activations))
      if vectors > 0 {
        operation.add(Operand(.weights, rows: 1, columns: vectors, format: vectorFormat))
      }
      if step.isCausal {
        operation.add(
          Operand(.state, rows: step.batch, columns: stateElements, format: CompactFormat(.f32)))
      }
      operation.add(
        Operand(
          .activationWrite, rows: rows, columns: heads * valueWidth, format: activations))
    }
  }

  /// Steps that follow one another: tokens of a recurrence, chunks.
  private func kind(_ step: Step) -> Operation.Kind {
    let width = Double(step.batch) * Double(stateElements)
    guard step.isCausal else { return .scan(steps: 1, width: width) }
    return .scan(steps: Double((step.newTokens + chunk - 1) / chunk), width: width)
  }

  private func work(_ step: Step) -> Work {
    let heads = Double(step.batch) * Double(heads)
    let tokens = heads * Double(step.newTokens)
    let state = Double(keyWidth) * Double(valueWidth)
    var work = Work(vector: tokens * rule.vector, special: tokens * rule.special)
    guard step.isCausal else {
      return Work(
        multiplyAdds: 2 * tokens * state, precision: precision, vector: work.vector.value,
        special: work.special.value)
    }
    guard step.newTokens > 1 else {
      work.vector += FLOPs(tokens * rule.stateOperations * state)
      return work
    }
    let chunks = Chunks(tokens: step.newTokens, size: chunk)
    let pairs = heads * chunks.pairs
    let widths = Double(keyWidth + valueWidth)
    var products = tokens * rule.stateProducts * state
    if rule.solves {
      products += heads * (chunks.squares * Double(keyWidth) + chunks.cubes / 3) / 2
    }
    return Work(
      multiplyAdds: products + pairs * widths,
      executed: products + heads * chunks.squares * widths, precision: precision,
      vector: work.vector.value + pairs * rule.pairVector
        + (rule.decays ? heads * chunks.count * state : 0),
      special: work.special.value + pairs * rule.pairSpecial)
  }
}

/// Tokens cut into chunks of C and a rest.
struct Chunks {
  private let size: Double
  private let full: Double
  private let rest: Double

  init(tokens: Int, size: Int) {
    self.size = Double(size)
    full = Double(tokens / size)
    rest = Double(tokens % size)
  }

  /// How many there are.
  var count: Double { full + (rest > 0 ? 1 : 0) }
  /// Pairs of a token with itself or an earlier one of its chunk: Σ c·(c + 1)/2.
  var pairs: Double { (full * size * (size + 1) + rest * (rest + 1)) / 2 }
  /// Σ c², and Σ c³.
  var squares: Double { full * size * size + rest * rest }
  var cubes: Double { full * size * size * size + rest * rest * rest }
}
