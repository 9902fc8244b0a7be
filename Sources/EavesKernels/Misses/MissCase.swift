import Eaves
public import Quantities

/// A timed kernel on a small shape, and what is expected to cross into caches of some capacities while it runs.
public struct MissCase: Sendable {
  /// How the bytes are predicted.
  enum Method: Sendable {
    /// The operands, each as often as Eaves says it travels.
    case operands
    /// Products through the library, whose packed copies are traced.
    case product(MatmulTimed)
    case attention(AttentionPass)
  }

  /// The shape of the kernel.
  public let shape: TimedShape
  /// Capacities of the cache that is simulated.
  public let capacities: [Bytes]
  /// Runs, of which the first is left out.
  public let runs: Int
  private let method: Method

  init(_ shape: TimedShape, _ method: Method, kibibytes: [Int], runs: Int) {
    self.shape = shape
    self.method = method
    capacities = kibibytes.map { Bytes(Double($0 * 1024)) }
    self.runs = runs
  }

  /// What the error may be: 2 % where everything streams, 10 % in tiles.
  public var tolerance: Double {
    if case .operands = method { return 0.02 }
    return 0.1
  }

  /// Bytes of the operands of all operations, each once.
  public var compulsory: Bytes {
    shape.operations.reduce(.zero) { $0 + $1.compulsoryBytes }
  }

  /// Bytes that cross into a cache in a run that follows another: what Eaves says of the operations alone.
  ///
  /// Nothing crosses where all memory of the kernel fits.
  public func operandBytes(_ capacity: Bytes) -> Bytes {
    guard shape.workingSetBytes > Int(capacity.value) else { return .zero }
    return shape.operations.reduce(.zero) {
      $0 + Bytes($1.compulsoryBytes.value * $1.reloads(capacity: capacity))
    }
  }

  /// Bytes that cross into a cache in a run that follows another, with the copies of the library.
  public func predicted(_ capacity: Bytes) -> Bytes {
    let cache = AssociativeCache(capacity: Int(capacity.value))
    let run: () -> Void
    switch method {
    case .operands: return operandBytes(capacity)
    case .product(let product): run = product.trace(cache)
    case .attention(let pass): run = pass.trace(cache)
    }
    run()
    let before = cache.misses
    run()
    return Bytes(Double((cache.misses - before) * AssociativeCache.line))
  }
}

extension MatmulTimed {
  /// Places the memory of the product in a cache; the result touches it as a run does.
  func trace(_ cache: AssociativeCache) -> () -> Void {
    let x = TracedMatrix(cache, rows: m, columns: k)
    let w = TracedMatrix(cache, rows: n, columns: k)
    let y = TracedMatrix(cache, rows: m, columns: n)
    let library = PackedProduct(cache, rows: m)
    return { library.multiply(m: m, n: n, k: k, x, w, isTransposed: true, into: y) }
  }
}

extension AttentionPass {
  /// Places the memory of attention in tiles in a cache; the result touches it as `runTiles` does without a mask.
  func trace(_ cache: AssociativeCache) -> () -> Void {
    let inputs = (0..<3).map { _ in TracedMatrix(cache, rows: tokens, columns: columns) }
    let output = TracedMatrix(cache, rows: tokens, columns: columns)
    let scratch = TracedMatrix(cache, rows: 1, columns: AttentionTile.scratch)
    let library = PackedProduct(cache, rows: AttentionTile.rows)
    return {
      for head in 0..<heads {
        for row in stride(from: 0, to: tokens, by: AttentionTile.rows) {
          let high = min(AttentionTile.rows, tokens - row)
          let result = output.from(row: row, column: head * width)
          for first in stride(from: 0, to: tokens, by: AttentionTile.columns) {
            let wide = min(AttentionTile.columns, tokens - first)
            let scores = scratch.with(columns: wide)
            let parts = [(0, row), (1, first), (2, first)].map {
              inputs[$0.0].from(row: $0.1, column: head * width)
            }
            library.multiply(
              m: high, n: wide, k: width, parts[0], parts[1], isTransposed: true, into: scores)
            for line in 0..<high {
              scores.touch(row: line, count: wide)
              if first > 0 { result.touch(row: line, count: width) }
            }
            library.multiply(
              m: high, n: width, k: wide, scores, parts[2], isTransposed: false, into: result,
              keeps: first > 0)
          }
          for line in 0..<high { result.touch(row: line, count: width) }
        }
      }
    }
  }
}
