public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Linear attention with elu(x) + 1, and Performer's positive random features, in all three forms.
///
/// The definition is the O(n²) sum over keys. Not predicted: the reciprocal of each row's normaliser, T·H.
public struct LinearAttentionCase: KernelCase {
  public static let family = "linear-attention"
  let size: MatrixStateSize
  var isCausal = true
  /// Width of a head whose features are random ones; `nil` for elu(x) + 1.
  var headSize: Int?

  public var shape: String {
    let form = !isCausal ? "all" : size.tokens == 1 ? "recurrent" : "chunks"
    return "\(headSize == nil ? "elu" : "performer") \(form) b\(size.batch) H\(size.heads) "
      + "f\(size.keyWidth) v\(size.valueWidth) S\(size.tokens)"
  }

  private static let chunk = 4

  private var step: Step {
    isCausal
      ? Step(
        newTokens: size.tokens, cachedTokens: size.tokens == 1 ? 9 : 0, logitTokens: 1,
        batch: size.batch)
      : .encode(size.tokens, batch: size.batch)
  }

  public var operations: [Operation] {
    get throws(KernelError) {
      var fields = [
        "heads": size.heads, "features": size.keyWidth, "chunk": Self.chunk,
        "head_size": headSize ?? size.keyWidth,
      ]
      if headSize == nil { fields["value_head_size"] = size.valueWidth }
      let model = try TinyModel(
        hidden: 8, mixer: headSize == nil ? "linear_attention" : "performer", fields,
        kind: isCausal ? .decoder : .encoder)
      return headSize == nil
        ? try model.operations(step, .mixerInner, .scan)
        : try model.operations(step, .mixerInner, .mixerInner, .scan)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let mapped = try headSize == nil ? eluFeatures(memory) : randomFeatures(memory)
    let buffers = try memory.buffers(memory.operations.count - 1)
    for (index, feature) in mapped.values.enumerated() {
      buffers[0].fill(index / mapped.columns, index % mapped.columns, feature)
    }
    try prepare(buffers)
    try LinearAttentionKernel(buffers, size, chunk: Self.chunk).run()
    return try buffers.output().values
  }

  /// elu(x) + 1: an exp, a choice and a sum for each feature.
  private func eluFeatures<Scalar: KernelScalar>(
    _ memory: Memory<Scalar>
  ) throws(KernelError) -> Buffer<Scalar> {
    let buffers = try memory.buffers(0)
    let (input, output) = (buffers[0], try buffers.output())
    for row in 0..<input.rows {
      for column in 0..<input.columns {
        let x = input[row, column]
        output[row, column] = x.ifPositive(x + Scalar(1), else: x.exponential)
      }
    }
    return output
  }

  /// exp(ωx − |x|²/2)/√m: [T, 2H, d] × [m, d] to [T, 2H, m] (Performers, lemma 1).
  private func randomFeatures<Scalar: KernelScalar>(
    _ memory: Memory<Scalar>
  ) throws(KernelError) -> Buffer<Scalar> {
    let projected = try memory.buffers(0)
    let (input, weights, product) = (projected[0], projected[1], try projected.output())
    let (d, m) = (weights.columns, weights.rows)
    for row in 0..<input.rows {
      for column in 0..<product.columns {
        product[row, column] = Scalar.dot(d) {
          (input[row, column / m * d + $0], weights[column % m, $0])
        }
      }
    }
    let mapped = try memory.buffers(1)
    let (read, output) = (mapped[0], try mapped.output())
    // What is read: the inputs, for their squares, then the products.
    for row in 0..<read.rows {
      for column in 0..<input.columns {
        read.fill(row, column, input.values[row * input.columns + column])
      }
      for column in 0..<product.columns {
        read.fill(row, input.columns + column, product.values[row * product.columns + column])
      }
      for head in 0..<2 * size.heads {
        let squares = Scalar.laneDot(d) { (read[row, head * d + $0], read[row, head * d + $0]) }
        let half = squares * Scalar(0.5)
        for feature in 0..<m {
          let place = head * m + feature
          output[row, place] =
            (read[row, input.columns + place] - half).exponential
            * Scalar(1 / Double(m).squareRoot())
        }
      }
    }
    return output
  }

  /// A state that earlier positive features could have left: sums of keys above zero.
  private func prepare<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) throws(KernelError) {
    guard let state = buffers.with(.state).first else { return }
    for index in state.values.indices {
      let local = index % state.columns % size.state
      guard local >= size.keyWidth * size.valueWidth else { continue }
      let value = abs(state.values[index].widened) + 1
      state.fill(index / state.columns, index % state.columns, Scalar(value))
    }
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(memory.operations.count - 1)
    try prepare(buffers)
    let (f, width, heads) = (size.keyWidth, size.valueWidth, size.heads)
    let state = buffers.with(.state).first
    let first = try memory.buffers(0)
    let values = buffers[0]
    func feature(_ row: Int, _ head: Int, _ i: Int) -> Double {
      let input = first[0].values[(row * first[0].columns)...]
      guard let headSize else {
        let x = input[row * first[0].columns + head * f + i]
        return x > 0 ? x + 1 : exp(x)
      }
      let x = (0..<headSize).map { input[row * first[0].columns + head * headSize + $0] }
      let product = (0..<headSize).reduce(0) { $0 + x[$1] * first[1].values[i * headSize + $1] }
      return exp(product - x.reduce(0) { $0 + $1 * $1 } / 2) / Double(f).squareRoot()
    }
    return (0..<size.rows * heads * width).map { place in
      let (row, head, j) = (place / (heads * width), place / width % heads, place % width)
      let query = (0..<f).map { feature(row, head, $0) }
      let start = row / size.tokens * size.tokens
      var (sum, weight) = (0.0, 0.0)
      for other in start..<(isCausal ? row + 1 : start + size.tokens) {
        let score = (0..<f).reduce(0) { $0 + query[$1] * feature(other, heads + head, $1) }
        sum += score * values.values[other * values.columns + 2 * heads * f + head * width + j]
        weight += score
      }
      if let state {
        let base = row / size.tokens * state.columns + head * size.state
        for i in 0..<f {
          sum += query[i] * state.values[base + i * width + j]
          weight += query[i] * state.values[base + f * width + i]
        }
      }
      return sum / weight
    }
  }

  public var unpredictedSpecial: Int { size.rows * size.heads }

  static let all: [any KernelCase] = [1, 9, 8].flatMap { tokens -> [any KernelCase] in
    let elu = MatrixStateSize(
      batch: 2, tokens: tokens, heads: 2, keyWidth: 5, valueWidth: 3, extra: 5)
    let random = MatrixStateSize(
      batch: 1, tokens: tokens, heads: 2, keyWidth: 12, valueWidth: 4, extra: 12)
    return [
      LinearAttentionCase(size: elu), LinearAttentionCase(size: random, headSize: 4),
      LinearAttentionCase(size: elu, isCausal: false),
    ]
  }
}
