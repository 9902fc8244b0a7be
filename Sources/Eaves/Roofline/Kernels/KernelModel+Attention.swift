import Quantities

extension KernelModel {
  /// Softmax attention in one kernel: one token in lanes or by the library, several in tiles.
  func attention(
    _ operation: Operation, _ shape: AttentionShape, _ choice: KernelChoice
  ) -> KernelParts? {
    guard shape.queries == 1 else {
      return tiled(operation, shape).map { KernelParts($0, .none) }
    }
    return choice.decode == .lanes
      ? decode(shape).map { KernelParts($0, overlap(.lanes), .decode) }
      : libraryDecode(shape, tile: choice.decodeTile)
  }

  /// One token: keys and values once for each KV head and pass of up to eight of its query heads.
  private func decode(_ shape: AttentionShape) -> KernelTime? {
    guard let head = self(.decodeHead) else { return nil }
    var time = KernelTime()
    var group = shape.heads / max(1, shape.kvHeads)
    let width = shape.headSize + shape.valueHeadSize
    let bytes = 4 * shape.keys * width
    var isFirst = true
    while group >= 1 {
      let part = DecodePart.allCases.last { Double($0.rawValue) <= group } ?? .one
      guard let key = self(part.key), let element = self(part.element) else { return nil }
      time.inCore += Seconds(
        shape.batch * shape.kvHeads * (head + shape.keys * (key + width * element)))
      // A further pass finds the keys of its head where they are.
      if !isFirst { addReads(shape.batch * shape.kvHeads * bytes, of: bytes, to: &time) }
      isFirst = false
      group -= Double(part.rawValue)
    }
    return time
  }

  /// Query heads of a pass over the keys.
  public enum DecodePart: Int, Sendable, CaseIterable {
    case one = 1
    case two = 2
    case four = 4
    case eight = 8

    /// The piece that a key is.
    public var key: KernelPiece {
      switch self {
      case .one: .decodeKey1
      case .two: .decodeKey2
      case .four: .decodeKey4
      case .eight: .decodeKey8
      }
    }

    /// The piece that an element of a key or value is.
    public var element: KernelPiece {
      switch self {
      case .one: .decodeElement1
      case .two: .decodeElement2
      case .four: .decodeElement4
      case .eight: .decodeElement8
      }
    }
  }

  /// One token by the library: the query heads of a KV head are the rows of two products.
  private func libraryDecode(_ shape: AttentionShape, tile: Double?) -> KernelParts? {
    let group = shape.heads / max(1, shape.kvHeads)
    let heads = shape.batch * shape.kvHeads
    let count = tile.map { max(1, (shape.keys / $0).rounded(.up)) } ?? 1
    let scores = ProductSize(
      rows: group, columns: shape.keys / count, depth: shape.headSize, count: heads * count,
      isSum: false)
    let sums = ProductSize(
      rows: group, columns: shape.valueHeadSize, depth: shape.keys / count, count: heads * count,
      isSum: true)
    guard let softmax = softmax(rows: heads * count * group, columns: shape.keys / count) else {
      return nil
    }
    if group == 1 {
      guard var parts = vector(scores, .library), let second = vector(sums, .library) else {
        return nil
      }
      parts.time += second.time
      parts.time += softmax
      // Half of the bytes are gone through as keys, half as values: the slower way is taken for both.
      if second.stream.flatMap({ reaches[$0] }) ?? 1 < parts.stream.flatMap({ reaches[$0] }) ?? 1 {
        parts.stream = second.stream
      }
      return parts
    }
    guard var time = dense(scores), let second = dense(sums) else { return nil }
    time += second
    time += softmax
    return KernelParts(time, .none, scores.stream)
  }

  /// Tiles of scores, softmax with a running maximum, weighted sum: as many pairs as the operation executes.
  ///
  /// Queries are taken 128 at a time, keys 512, those of a mask in steps of 128 (`Schedule.tileRows`).
  private func tiled(_ operation: Operation, _ shape: AttentionShape) -> KernelTime? {
    let width = shape.headSize + shape.valueHeadSize
    let side = Double(Schedule.tileRows)
    let rows = min(side, shape.queries)
    let blocks = shape.batch * shape.heads * (shape.queries / side).rounded(.up)
    // Keys there are, those of a block of queries, and its tiles.
    let there = max(1, operation.keyElements / (shape.batch * shape.kvHeads * width))
    let pairs = operation.work.executedMatrix.value / 2 / width
    let keys = min(max(there, shape.keys), pairs / side / blocks)
    let count = (keys / Self.tileKeys).rounded(.up)
    guard var time = tileScores(operation, shape, rows, keys / count, blocks * count),
      let sums = dense(
        ProductSize(
          rows: rows, columns: shape.valueHeadSize, depth: keys / count, count: blocks * count,
          isSum: true, pitch: operation.pitch(shape) ?? shape.kvHeads * shape.valueHeadSize)),
      let row = self(.onlineRow), let element = self(.onlineElement),
      let rescaled = self(.rescaledElement)
    else { return nil }
    time += sums
    // Masked scores are not exponentiated. What is summed up is scaled where a maximum moves, which it does in the
    // t-th tile of a row once in t times, and in the end.
    let queries = shape.batch * shape.heads * shape.queries
    let exponentials = max(0, operation.work.special.value - queries)
    let moves = (0..<Int(count)).dropFirst().reduce(1.0) { $0 + 1 / Double($1 + 1) }
    time.inCore += Seconds(
      queries * (count * row + moves * shape.valueHeadSize * rescaled) + exponentials * element)
    // Each block of queries finds the keys of its head where they lie.
    let bytes = 4 * there * width
    let again = 4 * blocks * keys * width - shape.batch * shape.kvHeads * bytes
    if again > 0 { addReads(again, of: bytes, to: &time) }
    time.leastTransfer = .zero
    return time
  }

  /// Scores of all tiles: one product, or two where a part of the keys is written out and the rest is shared by heads.
  private func tileScores(
    _ operation: Operation, _ shape: AttentionShape, _ rows: Double, _ keys: Double,
    _ count: Double
  ) -> KernelTime? {
    func product(_ depth: Double, pitch: Double) -> KernelTime? {
      dense(
        ProductSize(
          rows: rows, columns: keys, depth: depth, count: count, isSum: false, pitch: pitch))
    }
    guard let pitch = operation.pitch(shape) else {
      return product(shape.headSize, pitch: shape.kvHeads * shape.headSize)
    }
    let own = pitch / shape.kvHeads - shape.valueHeadSize
    guard own > 0, own < shape.headSize else { return product(shape.headSize, pitch: pitch) }
    guard var time = product(own, pitch: pitch),
      let shared = product(shape.headSize - own, pitch: shape.headSize - own)
    else { return nil }
    time += shared
    return time
  }

  /// Keys of a tile of attention over several tokens.
  public static let tileKeys = 512.0

  /// Softmax over written scores.
  func softmax(rows: Double, columns: Double) -> KernelTime? {
    guard let row = self(.softmaxRow), let element = self(.softmaxElement) else { return nil }
    return KernelTime(inCore: rows * (row + columns * element))
  }

  /// Elements with a gate, or features of queries and keys.
  func pointwise(_ operation: Operation, _ elements: Double) -> KernelTime? {
    self(operation.id == .mixerInner ? .featureElement : .gateElement).map {
      KernelTime(inCore: elements * $0)
    }
  }
}

extension Operation {
  /// Elements of keys and values that are read.
  fileprivate var keyElements: Double {
    var elements = 0.0
    // The first operand is the queries.
    for slot in 1..<max(1, operandCount) {
      switch operands[slot].role {
      case .cacheRead, .activationRead: elements += operands[slot].elements
      default: break
      }
    }
    return elements
  }

  /// Elements from one key to the next where keys and values are written out of something smaller, beside each other;
  /// `nil` where each has memory of its own.
  fileprivate func pitch(_ shape: AttentionShape) -> Double? {
    var columns = 0
    for slot in 1..<max(1, operandCount) where operands[slot].role == .activationRead {
      columns = max(columns, operands[slot].columns)
    }
    let both = shape.kvHeads * (shape.headSize + shape.valueHeadSize)
    return columns > 0 && Double(columns) < both ? Double(columns) : nil
  }
}
