extension LaneAttention {
  /// The scores of a block: all queries with four keys at a time, one of each quarter of all keys.
  ///
  /// Four runs far apart are four streams to the prefetcher; four rows beside each other would be none. Scores lie in
  /// the order in which they are made.
  @inline(__always)
  static func score(
    _ head: Head, _ keys: UnsafePointer<Float>, rows: Int, apart: Int
  ) {
    let width = head.width
    for place in 0..<rows {
      let key = 4 * place
      let keys = keys + place * width
      var query = 0
      while query + queriesAtOnce <= head.queries {
        let q = head.query + query * width
        let scores = head.scores + query * blockKeys + key
        #if EAVES_REGISTERS_32 || arch(arm64)
          dot4(q, keys, apart, into: scores, width: width)
        #else
          dot2(q, keys, apart, into: scores, width: width)
        #endif
        query += queriesAtOnce
      }
      while query + 2 <= head.queries {
        dot2(
          head.query + query * width, keys, apart,
          into: head.scores + query * blockKeys + key, width: width)
        query += 2
      }
      if query < head.queries {
        dot1(
          head.query + query * width, keys, apart,
          into: head.scores + query * blockKeys + key, width: width)
      }
    }
  }

  /// One query with four keys.
  @inline(__always)
  private static func dot1(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ apart: Int,
    into scores: UnsafeMutablePointer<Float>, width: Int
  ) {
    let (k1, k2, k3) = (k + apart, k + 2 * apart, k + 3 * apart)
    var (a0, a1, a2, a3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var index = 0
    while index < width {
      let u = Lanes(q + index)
      a0 = a0.adding(product: u, Lanes(k + index))
      a1 = a1.adding(product: u, Lanes(k1 + index))
      a2 = a2.adding(product: u, Lanes(k2 + index))
      a3 = a3.adding(product: u, Lanes(k3 + index))
      index += Lanes.width
    }
    put(Lanes.totals(a0, a1, a2, a3), scores)
  }

  /// Two queries with four keys.
  @inline(__always)
  private static func dot2(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ apart: Int,
    into scores: UnsafeMutablePointer<Float>, width: Int
  ) {
    let (k1, k2, k3, q1) = (k + apart, k + 2 * apart, k + 3 * apart, q + width)
    var (a0, a1, a2, a3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (b0, b1, b2, b3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var index = 0
    while index < width {
      let (u, v) = (Lanes(q + index), Lanes(q1 + index))
      let x0 = Lanes(k + index)
      a0 = a0.adding(product: u, x0)
      b0 = b0.adding(product: v, x0)
      let x1 = Lanes(k1 + index)
      a1 = a1.adding(product: u, x1)
      b1 = b1.adding(product: v, x1)
      let x2 = Lanes(k2 + index)
      a2 = a2.adding(product: u, x2)
      b2 = b2.adding(product: v, x2)
      let x3 = Lanes(k3 + index)
      a3 = a3.adding(product: u, x3)
      b3 = b3.adding(product: v, x3)
      index += Lanes.width
    }
    put(Lanes.totals(a0, a1, a2, a3), scores)
    put(Lanes.totals(b0, b1, b2, b3), scores + blockKeys)
  }

  /// Four queries with four keys.
  @inline(__always)
  private static func dot4(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ apart: Int,
    into scores: UnsafeMutablePointer<Float>, width: Int
  ) {
    let (k1, k2, k3) = (k + apart, k + 2 * apart, k + 3 * apart)
    let (q1, q2, q3) = (q + width, q + 2 * width, q + 3 * width)
    var (a0, a1, a2, a3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (b0, b1, b2, b3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (c0, c1, c2, c3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (d0, d1, d2, d3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var index = 0
    while index < width {
      let (x0, x1) = (Lanes(k + index), Lanes(k1 + index))
      let (x2, x3) = (Lanes(k2 + index), Lanes(k3 + index))
      let u = Lanes(q + index)
      a0 = a0.adding(product: u, x0)
      a1 = a1.adding(product: u, x1)
      a2 = a2.adding(product: u, x2)
      a3 = a3.adding(product: u, x3)
      let v = Lanes(q1 + index)
      b0 = b0.adding(product: v, x0)
      b1 = b1.adding(product: v, x1)
      b2 = b2.adding(product: v, x2)
      b3 = b3.adding(product: v, x3)
      let w = Lanes(q2 + index)
      c0 = c0.adding(product: w, x0)
      c1 = c1.adding(product: w, x1)
      c2 = c2.adding(product: w, x2)
      c3 = c3.adding(product: w, x3)
      let z = Lanes(q3 + index)
      d0 = d0.adding(product: z, x0)
      d1 = d1.adding(product: z, x1)
      d2 = d2.adding(product: z, x2)
      d3 = d3.adding(product: z, x3)
      index += Lanes.width
    }
    put(Lanes.totals(a0, a1, a2, a3), scores)
    put(Lanes.totals(b0, b1, b2, b3), scores + blockKeys)
    put(Lanes.totals(c0, c1, c2, c3), scores + 2 * blockKeys)
    put(Lanes.totals(d0, d1, d2, d3), scores + 3 * blockKeys)
  }

  @inline(__always)
  private static func put(_ sums: SIMD4<Float>, _ scores: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(scores).storeBytes(of: sums, as: SIMD4<Float>.self)
  }
}
