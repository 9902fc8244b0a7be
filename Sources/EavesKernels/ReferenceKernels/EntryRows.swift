import Eaves

/// The rows in which a layer's keys and values lie: of earlier tokens in the cache, of new ones beside it.
///
/// cached: [b·n_read, columns] in one or two formats, the newest last; new: [b·S, columns].
struct EntryRows<Scalar: KernelScalar> {
  private let cached: [Buffer<Scalar>]
  private let new: Buffer<Scalar>
  private let batch: Int
  private let cachedTokens: Int
  /// The row of a cached position within a sequence.
  private let places: [Int: Int]
  /// Positions that the cache of a step without choices holds all of.
  private let length: Int

  /// - Throws: `KernelError` where the queries read more than there is.
  init(
    cached: [Buffer<Scalar>], new: Buffer<Scalar>, batch: Int, _ visibility: Visibility
  ) throws(KernelError) {
    let rows = cached.reduce(0) { $0 + $1.rows } / batch
    guard visibility.cached.count <= rows, rows <= visibility.cachedTokens else {
      throw .operandMismatch("\(visibility.cached.count) cached keys are read of \(rows) rows")
    }
    self.cached = cached
    self.new = new
    self.batch = batch
    cachedTokens = visibility.cachedTokens
    length = visibility.length
    places = Dictionary(
      uniqueKeysWithValues: visibility.cached.enumerated().map { ($0.element, $0.offset) })
  }

  /// Whether there is an entry at a position.
  func isKept(_ position: Int) -> Bool {
    position < length && (position >= cachedTokens || places[position] != nil)
  }

  /// One element of an entry; zero where there is none.
  func element(_ sequence: Int, _ position: Int, _ column: Int) -> Scalar {
    if position >= cachedTokens {
      return new[sequence * (length - cachedTokens) + position - cachedTokens, column]
    }
    guard var row = places[position] else { return .zero }
    for buffer in cached {
      let rows = buffer.rows / batch
      if row < rows { return buffer[sequence * rows + row, column] }
      row -= rows
    }
    return .zero
  }
}
