/// Attention of one new token in one pass over keys and values.
///
/// Keys are read in blocks, with an online softmax between them (FlashAttention-2, algorithm 1, with a query block of
/// the heads that share a KV head). Sums are blocked over queries and keys, so that an element that comes from memory
/// is used for several queries while it is in a register.
enum LaneAttention {
  /// Keys of a block: each change from keys to values and back stops the prefetcher, and the scores of eight queries
  /// have to fit half of the nearest cache.
  static let blockKeys = 512

  #if EAVES_REGISTERS_32 || arch(arm64)
    /// Queries whose sums with four keys stay in registers: sixteen sums need 32 registers.
    static let queriesAtOnce = 4
  #else
    /// Queries whose sums with four keys stay in registers: eight sums fit 16 registers.
    static let queriesAtOnce = 2
  #endif

  /// What one KV head reads and writes.
  struct Head {
    /// [queries, width], [keys, width], [keys, valueWidth].
    let query: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    /// [queries, valueWidth], overwritten.
    let output: UnsafeMutablePointer<Float>
    /// [queries, blockKeys] of scratch, and two numbers a query.
    let scores: UnsafeMutablePointer<Float>
    let statistics: UnsafeMutablePointer<Float>
    /// Query heads that share the keys: 1, 2, or a multiple of 4.
    let queries: Int
    let count: Int
    /// Multiples of the lanes.
    let width: Int
    let valueWidth: Int
    let scale: Float
  }

  /// softmax(scale·q·Kᵀ)·V for the queries of one KV head.
  @inline(never)
  static func decode(_ head: Head) {
    let (width, valueWidth) = (head.width, head.valueWidth)
    for query in 0..<head.queries {
      head.statistics[2 * query] = -.infinity
      head.statistics[2 * query + 1] = 0
      for index in 0..<valueWidth { head.output[query * valueWidth + index] = 0 }
    }
    let quarter = head.count / 4
    var first = 0
    while first < quarter {
      let rows = min(blockKeys / 4, quarter - first)
      score(head, head.keys + first * width, rows: rows, apart: quarter * width)
      normalise(head, keys: 4 * rows)
      add(head, head.values + first * valueWidth, rows: rows, apart: quarter * valueWidth)
      first += rows
    }
    finish(head, from: 4 * quarter)
    for query in 0..<head.queries {
      LaneSoftmax.multiply(
        head.output + query * valueWidth, count: valueWidth,
        by: 1 / head.statistics[2 * query + 1])
    }
  }

  /// Scores of a block to weights; what was summed up before is scaled to the same largest score.
  @inline(__always)
  private static func normalise(_ head: Head, keys: Int) {
    for query in 0..<head.queries {
      let factor = LaneSoftmax.tile(
        head.scores + query * blockKeys, count: keys, scale: head.scale,
        largest: &head.statistics[2 * query], sum: &head.statistics[2 * query + 1])
      guard factor != 1 else { continue }
      LaneSoftmax.multiply(
        head.output + query * head.valueWidth, count: head.valueWidth, by: factor)
    }
  }

  /// The last keys, fewer than four.
  @inline(__always)
  private static func finish(_ head: Head, from first: Int) {
    let (width, valueWidth) = (head.width, head.valueWidth)
    guard first < head.count else { return }
    for query in 0..<head.queries {
      for key in first..<head.count {
        var sum = Lanes()
        for index in stride(from: 0, to: width, by: Lanes.width) {
          sum += Lanes(head.query + query * width + index) * Lanes(head.keys + key * width + index)
        }
        head.scores[query * blockKeys + key - first] = sum.total
      }
    }
    normalise(head, keys: head.count - first)
    for query in 0..<head.queries {
      let o = head.output + query * valueWidth
      for key in first..<head.count {
        let weight = head.scores[query * blockKeys + key - first]
        for index in stride(from: 0, to: valueWidth, by: Lanes.width) {
          let value = Lanes(head.values + key * valueWidth + index)
          (Lanes(o + index) + value * weight).store(o + index)
        }
      }
    }
  }

  // MARK: Scores

  /// The scores of a block: all queries with four keys at a time, one of each quarter of all keys.
  ///
  /// Four runs far apart are four streams to the prefetcher; four rows beside each other would be none. Scores lie in
  /// the order in which they are made.
  @inline(__always)
  private static func score(
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

  // MARK: Weighted sums

  /// Adds the values of a block, each times its weight: all queries with four keys at a time, as `score` takes them.
  @inline(__always)
  private static func add(_ head: Head, _ values: UnsafePointer<Float>, rows: Int, apart: Int) {
    let width = head.valueWidth
    for place in 0..<rows {
      let key = 4 * place
      let v = values + place * width
      var query = 0
      while query + 2 <= head.queries {
        let p = head.scores + query * blockKeys + key
        let o = head.output + query * width
        #if EAVES_REGISTERS_32 || arch(arm64)
          if query + 4 <= head.queries {
            add4(v, apart, p, into: o, width: width)
            query += 4
            continue
          }
        #endif
        add2(v, apart, p, into: o, width: width)
        query += 2
      }
      if query < head.queries {
        add1(
          v, apart, head.scores + query * blockKeys + key, into: head.output + query * width,
          width: width)
      }
    }
  }

  /// start + Σ xᵢ·pᵢ in two chains.
  @inline(__always)
  private static func sum(
    _ start: Lanes, _ x0: Lanes, _ p0: Lanes, _ x1: Lanes, _ p1: Lanes, _ x2: Lanes, _ p2: Lanes,
    _ x3: Lanes, _ p3: Lanes
  ) -> Lanes {
    start.adding(product: x0, p0).adding(product: x1, p1) + (x2 * p2).adding(product: x3, p3)
  }

  @inline(__always)
  private static func add1(
    _ v: UnsafePointer<Float>, _ apart: Int, _ p: UnsafePointer<Float>,
    into o: UnsafeMutablePointer<Float>, width: Int
  ) {
    let (p0, p1) = (Lanes(repeating: p[0]), Lanes(repeating: p[1]))
    let (p2, p3) = (Lanes(repeating: p[2]), Lanes(repeating: p[3]))
    let (v1, v2, v3) = (v + apart, v + 2 * apart, v + 3 * apart)
    var index = 0
    while index < width {
      sum(
        Lanes(o + index), Lanes(v + index), p0, Lanes(v1 + index), p1, Lanes(v2 + index), p2,
        Lanes(v3 + index), p3
      ).store(o + index)
      index += Lanes.width
    }
  }

  @inline(__always)
  private static func add2(
    _ v: UnsafePointer<Float>, _ apart: Int, _ p: UnsafePointer<Float>,
    into o: UnsafeMutablePointer<Float>, width: Int
  ) {
    let r = p + blockKeys
    let (p0, p1) = (Lanes(repeating: p[0]), Lanes(repeating: p[1]))
    let (p2, p3) = (Lanes(repeating: p[2]), Lanes(repeating: p[3]))
    let (r0, r1) = (Lanes(repeating: r[0]), Lanes(repeating: r[1]))
    let (r2, r3) = (Lanes(repeating: r[2]), Lanes(repeating: r[3]))
    let (v1, v2, v3, o1) = (v + apart, v + 2 * apart, v + 3 * apart, o + width)
    var index = 0
    while index < width {
      let (x0, x1) = (Lanes(v + index), Lanes(v1 + index))
      let (x2, x3) = (Lanes(v2 + index), Lanes(v3 + index))
      sum(Lanes(o + index), x0, p0, x1, p1, x2, p2, x3, p3).store(o + index)
      sum(Lanes(o1 + index), x0, r0, x1, r1, x2, r2, x3, r3).store(o1 + index)
      index += Lanes.width
    }
  }

  #if EAVES_REGISTERS_32 || arch(arm64)
    @inline(__always)
    private static func add4(
      _ v: UnsafePointer<Float>, _ apart: Int, _ p: UnsafePointer<Float>,
      into o: UnsafeMutablePointer<Float>, width: Int
    ) {
      let (r, s, t) = (p + blockKeys, p + 2 * blockKeys, p + 3 * blockKeys)
      let (p0, p1) = (Lanes(repeating: p[0]), Lanes(repeating: p[1]))
      let (p2, p3) = (Lanes(repeating: p[2]), Lanes(repeating: p[3]))
      let (r0, r1) = (Lanes(repeating: r[0]), Lanes(repeating: r[1]))
      let (r2, r3) = (Lanes(repeating: r[2]), Lanes(repeating: r[3]))
      let (s0, s1) = (Lanes(repeating: s[0]), Lanes(repeating: s[1]))
      let (s2, s3) = (Lanes(repeating: s[2]), Lanes(repeating: s[3]))
      let (t0, t1) = (Lanes(repeating: t[0]), Lanes(repeating: t[1]))
      let (t2, t3) = (Lanes(repeating: t[2]), Lanes(repeating: t[3]))
      let (v1, v2, v3) = (v + apart, v + 2 * apart, v + 3 * apart)
      let (o1, o2, o3) = (o + width, o + 2 * width, o + 3 * width)
      var index = 0
      while index < width {
        let (x0, x1) = (Lanes(v + index), Lanes(v1 + index))
        let (x2, x3) = (Lanes(v2 + index), Lanes(v3 + index))
        sum(Lanes(o + index), x0, p0, x1, p1, x2, p2, x3, p3).store(o + index)
        sum(Lanes(o1 + index), x0, r0, x1, r1, x2, r2, x3, r3).store(o1 + index)
        sum(Lanes(o2 + index), x0, s0, x1, s1, x2, s2, x3, s3).store(o2 + index)
        sum(Lanes(o3 + index), x0, t0, x1, t1, x2, t2, x3, t3).store(o3 + index)
        index += Lanes.width
      }
    }
  #endif
}
