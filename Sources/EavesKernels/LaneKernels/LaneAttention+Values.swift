extension LaneAttention {
  /// Adds the values of a block, each times its weight: all queries with four keys at a time, as `score` takes them.
  @inline(__always)
  static func add(_ head: Head, _ values: UnsafePointer<Float>, rows: Int, apart: Int) {
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
