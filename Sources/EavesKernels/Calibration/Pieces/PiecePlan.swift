/// Which programs are timed for the pieces of kernels.
enum PiecePlan {
  /// Every program, or about half of them.
  static func programs(isFull: Bool) -> [PieceProgram] {
    products(isFull: isFull) + sums(isFull: isFull) + smallProducts(isFull: isFull)
      + vectors(isFull: isFull) + lanes
  }

  /// Programs whose data come from farther caches: how far transfers run beside the inner loops.
  static let streaming: [PieceProgram] = [
    .vector(columns: 320, depth: 352), .vector(columns: 768, depth: 640),
    .vector(columns: 1536, depth: 1088), .lanes(columns: 320, depth: 352),
    .lanes(columns: 768, depth: 640), .lanes(columns: 1536, depth: 1088),
    .decode(group: 1, keys: 720, width: 112), .decode(group: 1, keys: 5600, width: 112),
  ]

  /// Programs whose matrices are three times the last cache: what a way of going through main memory reaches.
  static func far(lastCache: Int) -> [PieceProgram] {
    let floats = max(3 * lastCache, 1 << 20) / 4
    func rows(_ width: Int) -> Int { floats / width / 16 * 16 }
    return [
      .vector(columns: rows(2560), depth: 2560), .vector(columns: rows(112), depth: 112),
      .vectorSum(columns: 112, depth: rows(112)),
      .product(rows: 8, columns: rows(2560), depth: 2560),
      .product(rows: 8, columns: rows(112), depth: 112),
      .sum(rows: 8, columns: 2560, depth: rows(2560)),
      .sum(rows: 8, columns: 112, depth: rows(112)), .lanes(columns: rows(2560), depth: 2560),
      .blocks8(columns: rows(2560) * 3, depth: 2560),
      .decode(group: 1, keys: rows(224), width: 112),
    ]
  }

  /// Weights of many shapes: few and many rows, rows of whole pages and not.
  private static func products(isFull: Bool) -> [PieceProgram] {
    let few: [(Int, Int, Int)] = [
      (8, 384, 320), (24, 384, 320), (112, 384, 320), (24, 1280, 160), (112, 160, 1280),
      (16, 768, 576), (80, 144, 112), (8, 288, 1024), (48, 288, 1024), (24, 96, 2048),
      (12, 2048, 96), (136, 136, 72),
    ]
    let more: [(Int, Int, Int)] = [
      (4, 448, 448), (40, 448, 448), (224, 448, 448), (20, 192, 832), (56, 832, 192),
      (8, 1600, 352), (72, 72, 640), (4, 320, 1024), (160, 224, 1024), (40, 1152, 80),
      (448, 96, 96), (288, 288, 288),
    ]
    return (isFull ? few + more : few).map {
      .product(rows: $0.0, columns: $0.1, depth: $0.2)
    }
  }

  /// Values of attention and the like: narrow and wide.
  private static func sums(isFull: Bool) -> [PieceProgram] {
    let few: [(Int, Int, Int)] = [
      (136, 72, 136), (136, 144, 136), (24, 384, 320), (112, 384, 320), (40, 72, 1280),
      (16, 96, 2048), (24, 1024, 160), (96, 1024, 96), (256, 96, 256),
    ]
    let more: [(Int, Int, Int)] = [
      (12, 576, 576), (80, 576, 288), (192, 192, 192), (8, 144, 1600), (40, 1280, 112),
      (16, 2048, 96), (320, 80, 160), (20, 448, 640),
    ]
    return (isFull ? few + more : few).map { .sum(rows: $0.0, columns: $0.1, depth: $0.2) }
  }

  /// Products that a library may form without copying; elsewhere they say what calls cost.
  private static func smallProducts(isFull: Bool) -> [PieceProgram] {
    let products: [(Int, Int, Int)] = [
      (2, 48, 48), (4, 96, 80), (8, 112, 112), (2, 320, 192), (2, 448, 640),
    ]
    let sums: [(Int, Int, Int)] = [
      (2, 64, 48), (8, 192, 96), (24, 128, 112), (40, 64, 80), (56, 64, 144), (4, 320, 320),
    ]
    return products.map { .product(rows: $0.0, columns: $0.1, depth: $0.2) }
      + sums.map { .sum(rows: $0.0, columns: $0.1, depth: $0.2) }
  }

  /// Matrices of a few KiB: from the nearest cache.
  private static func vectors(isFull: Bool) -> [PieceProgram] {
    let shapes = [(8, 48), (48, 96), (16, 320), (320, 16), (24, 192), (80, 80)]
    return shapes.map { .vector(columns: $0.0, depth: $0.1) }
      + shapes.map { .vectorSum(columns: $0.0, depth: $0.1) }
      + shapes.map { .lanes(columns: $0.0, depth: $0.1) }
      + [(8, 320), (48, 96), (16, 640), (96, 64), (8, 2048)].flatMap { (n, k) -> [PieceProgram] in
        [.blocks8(columns: n, depth: k), .blocks4(columns: n, depth: k)]
      }
  }

  private static var lanes: [PieceProgram] {
    // Blocks of 128 keys, as long contexts have them; they need more than the nearest cache.
    let decode = [1, 2, 4, 8].flatMap { group in
      [(256, 48), (256, 112), (40, 112), (640, 48)].map { keys, width in
        PieceProgram.decode(group: group, keys: keys, width: width)
      }
    }
    return decode + [
      .softmax(rows: 12, columns: 80), .softmax(rows: 3, columns: 1280),
      .online(rows: 24, columns: 80, width: 16), .online(rows: 8, columns: 160, width: 16),
      .online(rows: 24, columns: 80, width: 96),
      .scan(tokens: 6, channels: 48, states: 16), .scan(tokens: 6, channels: 48, states: 8),
      .gated(tokens: 6, channels: 176), .lstm(channels: 304), .matrixState(width: 48),
      .feature(elements: 1200), .gate(elements: 1200),
    ]
  }
}
