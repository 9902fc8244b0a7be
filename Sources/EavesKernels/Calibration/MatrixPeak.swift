import COpenBLAS

/// The rate of square matrix products on OpenBLAS against their order.
enum MatrixPeak {
  static func probes(orders: [Int], doubleOrders: [Int], threads: Int) -> [Probe] {
    let most = max(orders.max() ?? 0, doubleOrders.max() ?? 0)
    // Doubles of the largest order, or floats of it.
    let bytes = max(4 * square(orders.max() ?? 0), 8 * square(doubleOrders.max() ?? 0), most)
    let (a, b, c) = (
      AlignedBuffer(bytes: bytes, filling: 0.5), AlignedBuffer(bytes: bytes, filling: 0.5),
      AlignedBuffer(bytes: bytes, filling: 0)
    )
    let single = orders.map { order in
      probe(.sgemm, order, threads) { n in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.floats, n, b.floats, n, 0,
          c.floats, n)
      }
    }
    let double = doubleOrders.map { order in
      probe(.dgemm, order, threads) { n in
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.doubles, n, b.doubles, n, 0,
          c.doubles, n)
      }
    }
    return single + double
  }

  private static func square(_ order: Int) -> Int { order * order }

  private static func probe(
    _ measurand: Measurand, _ order: Int, _ threads: Int, multiply: @escaping (Int32) -> Void
  ) -> Probe {
    let n = Int32(order)
    return Probe(
      .init(measurand, size: order, threads: threads), work: 2 * Double(order * square(order)),
      scope: threads > 1 ? .process : .thread,
      prepare: { openblas_set_num_threads(Int32(threads)) },
      body: { _, count in
        for _ in 0..<count { multiply(n) }
      })
  }
}
