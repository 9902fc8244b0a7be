import Quantities

extension KernelModel {
  /// A product, `count` times: a matrix times a vector where there is one row.
  func product(
    _ operation: Operation, m: Double, n: Int, k: Int, count: Double, _ choice: KernelChoice
  ) -> KernelParts? {
    var size = ProductSize(
      rows: m, columns: Double(n), depth: Double(k), count: count,
      isSum: operation.id == .weightedSum)
    if operation.id == .scores || operation.id == .weightedSum, m == 1 {
      size.shareMatrices(operation)
    }
    if size.rows > 1 { return dense(size).map { KernelParts($0, .none, size.stream) } }
    switch operation.storedExpansion {
    case .none: return vector(size, choice.vectorProducts)
    case .q8: return blocks(size, .q8Result, .q8Element)
    case .int4: return blocks(size, .q4Result, .q4Element)
    case .k, .iq, .fp4, .ternary, .fp8: return nil
    }
  }

  /// A recurrent product for each token, and the gates of its channels: four of them are an LSTM's.
  func gated(
    _ operation: Operation, _ columns: Double, _ depth: Double, _ tokens: Double,
    _ choice: KernelChoice
  ) -> KernelParts? {
    guard columns == 4 * depth, let channel = self(.lstmChannel),
      var parts = vector(
        ProductSize(rows: 1, columns: columns, depth: depth, count: tokens, isSum: false),
        choice.vectorProducts)
    else { return nil }
    parts.time.inCore += Seconds(tokens * depth * channel)
    return parts
  }

  /// The sizes of a product, and how its stored matrix lies.
  public struct ProductSize: Sendable {
    var rows: Double
    var columns: Double
    var depth: Double
    var count: Double
    /// Whether rows of the stored matrix are terms, [k, n], rather than results, [n, k].
    var isSum: Bool
    /// Elements from one row of the stored matrix to the next, where they do not follow one another.
    var pitch: Double?

    /// A product of x [rows, depth], `count` times.
    public init(
      rows: Double, columns: Double, depth: Double, count: Double = 1, isSum: Bool,
      pitch: Double? = nil
    ) {
      self.rows = rows
      self.columns = columns
      self.depth = depth
      self.count = count
      self.isSum = isSum
      self.pitch = pitch
    }

    /// Units of each piece of one product: what `dense` adds up, and what a calibration takes apart.
    /// - Parameter formsSmall: Whether the library has kernels that form small products without copying.
    /// - Returns: The units; those of a copied product where it is not small.
    public func units(formsSmall: Bool) -> [KernelPiece: Double] {
      let results = rows * columns
      if formsSmall, isSmall {
        return isSum
          ? [.smallSumMultiply: multiplies, .smallSumResult: results]
          : [.smallProductMultiply: multiplies, .smallProductResult: results]
      }
      // Blocks of four rows.
      let executed = (rows / 4).rounded(.up) * 4 * columns * depth
      let matrix = columns * depth
      return isSum
        ? [
          .sumCall: 1, .sumMultiply: executed, isAliased ? .sumAliased : .sumMatrix: matrix,
          .sumRow: rows * depth, .sumResult: results,
        ]
        : [
          .productCall: 1, .productMultiply: executed,
          isAliased ? .productAliased : .productMatrix: matrix, .productRow: rows * depth,
          .productResult: results,
        ]
    }

    /// Query heads that share keys are rows of one product.
    mutating func shareMatrices(_ operation: Operation) {
      let matrix = columns * depth
      let stored = operation.storedElements
      guard matrix > 0, stored >= matrix else { return }
      let matrices = stored / matrix
      rows = rows * count / matrices
      count = matrices
    }

    var multiplies: Double { rows * columns * depth }

    /// How the stored matrix is gone through.
    var stream: KernelStream {
      let isShort = (isSum ? columns : depth) <= KernelStream.shortRow
      if rows == 1 { return isSum ? .vectorSum : isShort ? .vectorShort : .vector }
      return isSum ? (isShort ? .sumShort : .sum) : isShort ? .productShort : .product
    }

    /// Bytes from one row of the stored matrix to the next, in floats.
    var stride: Double { 4 * (pitch ?? (isSum ? columns : depth)) }

    /// Whether the rows of the stored matrix begin in the same sets of a cache of 64 lines a way.
    var isAliased: Bool { stride.truncatingRemainder(dividingBy: 4096) == 0 }

    /// Whether a library that has kernels for small products takes this one.
    ///
    /// OpenBLAS does on cores with 512-bit vectors: up to 100³ multiply-adds; where rows of the stored matrix are results
    /// only up to 1200 of them, from a depth of 32 on. The limits are recalled from OpenBLAS 0.3.21
    /// (`sgemm_small_kernel_permit_skylakex.c`); times of products jump there (docs/validation.md).
    public var isSmall: Bool {
      guard multiplies <= 1e6 else { return false }
      return isSum || rows * columns <= 1200 && depth >= 32
    }
  }

  /// The library's product of matrices: it copies both into the order of its inner loop, then multiplies in blocks of
  /// four rows (Goto and van de Geijn 2008, Anatomy of high-performance matrix multiplication, section 4).
  func dense(_ size: ProductSize) -> KernelTime? {
    // Where the library has no kernels for small products, their pieces were not measured.
    let time =
      size.isSmall
      ? sum(size.units(formsSmall: true)) ?? sum(size.units(formsSmall: false))
      : sum(size.units(formsSmall: false))
    return time.map { KernelTime(inCore: size.count * $0) }
  }

  /// What units of pieces take together; `nil` where one was not measured.
  private func sum(_ units: [KernelPiece: Double]) -> Double? {
    var seconds = 0.0
    for (piece, count) in units {
      guard let each = self(piece) else { return nil }
      seconds += count * each
    }
    return seconds
  }

  /// A float matrix times a vector.
  func vector(
    _ size: ProductSize, _ maker: KernelMaker
  ) -> KernelParts? {
    let isLibrary = maker == .library
    let result: KernelPiece =
      isLibrary ? (size.isSum ? .vectorSumResult : .vectorResult) : .lanesResult
    let element: KernelPiece =
      isLibrary ? (size.isSum ? .vectorSumElement : .vectorElement) : .lanesElement
    let call: Double? = isLibrary ? self(size.isSum ? .vectorSumCall : .vectorCall) : 0
    guard let call, let result = self(result), let element = self(element) else { return nil }
    var time = KernelTime(
      inCore: size.count * (call + size.columns * result + size.columns * size.depth * element))
    addRereads(size, to: &time)
    return KernelParts(time, overlap(maker), isLibrary ? size.stream : .lanes)
  }

  /// Blocks of a few bits, expanded and multiplied.
  private func blocks(
    _ size: ProductSize, _ result: KernelPiece, _ element: KernelPiece
  ) -> KernelParts? {
    guard let result = self(result), let element = self(element),
      let rounded = self(.roundedElement)
    else { return nil }
    var time = KernelTime(
      inCore: size.count
        * (size.columns * result + size.columns * size.depth * element + size.depth * rounded))
    addRereads(size, to: &time)
    return KernelParts(time, overlap(.lanes), .blocks)
  }

  /// The vector is read again for each block of four rows: it comes from beyond the nearest cache where it and the rows
  /// that stream past it do not fit there.
  private func addRereads(_ size: ProductSize, to time: inout KernelTime) {
    let length = size.isSum ? size.columns : size.depth
    let bytes = size.count * 4 * size.columns * size.depth / Double(Self.rowsOfPass)
    let beyond = reading.time(8 * length) - reading.nearest
    time.transfer += Seconds(bytes * beyond)
  }

  /// Rows of the matrix that a pass over the vector multiplies.
  private static let rowsOfPass = 4
}

extension Operation {
  /// How the stored matrix of a product is expanded.
  fileprivate var storedExpansion: NumberFormat.Expansion {
    for slot in 0..<operandCount
    where operands[slot].role == .weights && operands[slot].rows > 1 {
      return operands[slot].expansion
    }
    return .none
  }

  /// Elements of the matrices that a product of attention reads beside its rows: keys or values.
  fileprivate var storedElements: Double {
    var elements = 0.0
    // The first operand is the rows.
    for slot in 1..<max(1, operandCount) {
      switch operands[slot].role {
      case .cacheRead, .activationRead: elements += operands[slot].elements
      default: break
      }
    }
    return elements
  }
}
