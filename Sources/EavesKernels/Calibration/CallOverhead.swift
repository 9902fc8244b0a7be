import COpenBLAS

/// What a call of OpenBLAS costs where there is next to nothing to do.
enum CallOverhead {
  static func probes() -> [Probe] {
    let (a, b, c) = (
      AlignedBuffer(bytes: 4096), AlignedBuffer(bytes: 4096), AlignedBuffer(bytes: 4096)
    )
    func probe(_ measurand: Measurand, _ size: Int, call: @escaping (Int32) -> Void) -> Probe {
      Probe(
        .init(measurand, size: size), work: 1,
        prepare: { openblas_set_num_threads(1) },
        body: { _, count in
          for _ in 0..<count { call(Int32(size)) }
        })
    }
    let dot = probe(.callDot, 1) { n in c.floats[0] = cblas_sdot(n, a.floats, 1, b.floats, 1) }
    let products = [1, 8].flatMap { size in
      [
        probe(.callVector, size) { n in
          cblas_sgemv(
            CblasRowMajor, CblasNoTrans, n, n, 1, a.floats, n, b.floats, 1, 0, c.floats, 1)
        },
        probe(.callMatrix, size) { n in
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.floats, n, b.floats, n, 0,
            c.floats, n)
        },
      ]
    }
    return [dot] + products
  }
}
