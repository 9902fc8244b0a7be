import Eaves

/// A program that times pieces of kernels in small, and how many units of each piece it runs.
///
/// Shapes are small, so that what they touch stays near, and are none of those that predictions are judged by
/// (`TimedKernelList`).
public enum PieceProgram: Hashable, Sendable {
  /// x [m, k] times w [n, k] or w [k, n] by the library.
  case product(rows: Int, columns: Int, depth: Int)
  case sum(rows: Int, columns: Int, depth: Int)
  /// w [n, k], or w [k, n], times a vector by the library.
  case vector(columns: Int, depth: Int)
  case vectorSum(columns: Int, depth: Int)
  /// w [n, k] times a vector in lanes: floats, blocks of 8 bits, blocks of 4 bits.
  case lanes(columns: Int, depth: Int)
  case blocks8(columns: Int, depth: Int)
  case blocks4(columns: Int, depth: Int)
  /// Fused attention of `group` queries over keys and values as wide as keys.
  case decode(group: Int, keys: Int, width: Int)
  case softmax(rows: Int, columns: Int)
  /// One tile of an online softmax, and the rescaling of outputs.
  case online(rows: Int, columns: Int, width: Int)
  /// A selective scan of so many tokens.
  case scan(tokens: Int, channels: Int, states: Int)
  /// A gated linear recurrence and the gates of an LSTM of so many tokens, and one token of a matrix state.
  case gated(tokens: Int, channels: Int)
  case lstm(channels: Int)
  case matrixState(width: Int)
  /// elu(x) + 1.
  case feature(elements: Int)
  /// SiLU(g)·u.
  case gate(elements: Int)

  /// The shape, for people and tables.
  public var label: String {
    switch self {
    case .product(let m, let n, let k): "product \(m)x\(n)x\(k)"
    case .sum(let m, let n, let k): "sum \(m)x\(n)x\(k)"
    case .vector(let n, let k): "vector \(n)x\(k)"
    case .vectorSum(let n, let k): "vector-sum \(n)x\(k)"
    case .lanes(let n, let k): "lanes \(n)x\(k)"
    case .blocks8(let n, let k): "q8 \(n)x\(k)"
    case .blocks4(let n, let k): "q4 \(n)x\(k)"
    case .decode(let group, let keys, let width): "decode \(group)x\(keys)x\(width)"
    case .softmax(let rows, let columns): "softmax \(rows)x\(columns)"
    case .online(let rows, let columns, let width): "online \(rows)x\(columns)x\(width)"
    case .scan(let tokens, let channels, let states): "scan \(tokens)x\(channels)x\(states)"
    case .gated(let tokens, let channels): "gated \(tokens)x\(channels)"
    case .lstm(let channels): "lstm \(channels)"
    case .matrixState(let width): "matrix-state \(width)"
    case .feature(let elements): "feature \(elements)"
    case .gate(let elements): "gate \(elements)"
    }
  }

  /// Units of each piece.
  var units: [KernelPiece: Double] {
    switch self {
    case .product, .sum:
      return product?.units(formsSmall: OpenBLASCore.hasSmallProducts) ?? [:]
    case .vector(let n, let k):
      return [.vectorCall: 1, .vectorResult: Double(n), .vectorElement: Double(n * k)]
    case .vectorSum(let n, let k):
      return [.vectorSumCall: 1, .vectorSumResult: Double(n), .vectorSumElement: Double(n * k)]
    case .lanes(let n, let k):
      return [.lanesResult: Double(n), .lanesElement: Double(n * k)]
    case .blocks8(let n, let k):
      return [.q8Result: Double(n), .q8Element: Double(n * k), .roundedElement: Double(k)]
    case .blocks4(let n, let k):
      return [.q4Result: Double(n), .q4Element: Double(n * k), .roundedElement: Double(k)]
    case .decode(let group, let keys, let width):
      let part = KernelModel.DecodePart(rawValue: group) ?? .one
      return [.decodeHead: 1, part.key: Double(keys), part.element: Double(2 * keys * width)]
    case .softmax(let rows, let columns):
      return [.softmaxRow: Double(rows), .softmaxElement: Double(rows * columns)]
    case .online(let rows, let columns, let width):
      return [
        .onlineRow: Double(rows), .onlineElement: Double(rows * columns),
        .rescaledElement: Double(rows * width),
      ]
    case .scan(let tokens, let channels, let states):
      return [
        .scanChannel: Double(tokens * channels), .scanState: Double(tokens * channels * states),
      ]
    case .gated(let tokens, let channels): return [.gatedChannel: Double(tokens * channels)]
    case .lstm(let channels): return [.lstmChannel: Double(channels)]
    case .matrixState(let width): return [.matrixState: Double(width * width)]
    case .feature(let elements): return [.featureElement: Double(elements)]
    case .gate(let elements): return [.gateElement: Double(elements)]
    }
  }

  /// Bytes that are read and written, each once, and all of them: the working set.
  var bytes: (read: Double, written: Double) {
    switch self {
    case .product(let m, let n, let k), .sum(let m, let n, let k):
      (Double(4 * (m * k + n * k)), Double(4 * m * n))
    case .vector(let n, let k), .vectorSum(let n, let k), .lanes(let n, let k):
      (Double(4 * (n * k + k)), Double(4 * n))
    case .blocks8(let n, let k):
      (Double(n * k / 32 * BlockDot.bytes8 + 4 * k), Double(4 * n))
    case .blocks4(let n, let k):
      (Double(n * k / 32 * BlockDot.bytes4 + 4 * k), Double(4 * n))
    case .decode(let group, let keys, let width):
      (Double(4 * (2 * keys * width + group * width)), Double(4 * group * width))
    case .softmax(let rows, let columns): (Double(4 * rows * columns), Double(4 * rows * columns))
    case .online(let rows, let columns, let width):
      (Double(4 * rows * (columns + width)), Double(4 * rows * (columns + width)))
    case .scan(let tokens, let channels, let states):
      (
        Double(4 * (tokens * (3 * channels + 2 * states) + 2 * channels * states)),
        Double(4 * (tokens * channels + channels * states))
      )
    case .gated(let tokens, let channels):
      (Double(4 * channels * (3 * tokens + 2)), Double(4 * channels * (tokens + 1)))
    case .lstm(let channels): (Double(4 * 9 * channels), Double(4 * 2 * channels))
    case .matrixState(let width):
      (Double(4 * width * (width + 4)), Double(4 * width * (width + 2)))
    case .feature(let elements): (Double(4 * elements), Double(4 * elements))
    case .gate(let elements): (Double(8 * elements), Double(4 * elements))
    }
  }

  /// Pieces that are found together: no other program has them.
  var group: String {
    let name = label.prefix { $0 != " " }
    // Both round the vector.
    if name == "q8" || name == "q4" { return "blocks" }
    return isSmall ? "small \(name)" : String(name)
  }

  /// Whether the library forms the product without copying.
  var isSmall: Bool { OpenBLASCore.hasSmallProducts && product?.isSmall ?? false }

  /// The sizes of a product of matrices.
  private var product: KernelModel.ProductSize? {
    switch self {
    case .product(let m, let n, let k):
      KernelModel.ProductSize(
        rows: Double(m), columns: Double(n), depth: Double(k), isSum: false)
    case .sum(let m, let n, let k):
      KernelModel.ProductSize(rows: Double(m), columns: Double(n), depth: Double(k), isSum: true)
    default: nil
    }
  }

  /// Who wrote the kernel.
  var maker: KernelMaker {
    switch self {
    case .product, .sum, .vector, .vectorSum: .library
    default: .lanes
    }
  }

  /// The way in which it goes through a matrix that is larger than all caches.
  var stream: KernelStream? {
    func isShort(_ row: Int) -> Bool { Double(row) <= KernelStream.shortRow }
    return switch self {
    case .vector(_, let k): isShort(k) ? .vectorShort : .vector
    case .vectorSum: .vectorSum
    case .product(_, _, let k): isShort(k) ? .productShort : .product
    case .sum(_, let n, _): isShort(n) ? .sumShort : .sum
    case .lanes: .lanes
    case .blocks8, .blocks4: .blocks
    case .decode: .decode
    default: nil
    }
  }

  /// Bytes of the stored matrix, or of keys and values.
  var matrixBytes: Int {
    switch self {
    case .product(_, let n, let k), .sum(_, let n, let k), .vector(let n, let k),
      .vectorSum(let n, let k), .lanes(let n, let k):
      4 * n * k
    case .blocks8(let n, let k): n * k / 32 * BlockDot.bytes8
    case .blocks4(let n, let k): n * k / 32 * BlockDot.bytes4
    case .decode(_, let keys, let width): 8 * keys * width
    default: 0
    }
  }
}
