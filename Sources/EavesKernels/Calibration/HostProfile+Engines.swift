extension HostProfile {
  /// The vector engine, and a special one where exp was measured.
  var engines: [JSONText] {
    let rates = [single, double, integer].compactMap { $0 }
    let lanes = JSONText.object([
      ("id", .string("vector")), ("unit", .string("cpu")), ("kind", .string("vector")),
      ("name", .string(lanesName)), ("count", .integer(host.topology.cores)),
      ("count_of", .string("core")), ("rates", .array(rates)),
    ])
    guard let exp = host.fastest([.exponential]) else { return rates.isEmpty ? [] : [lanes] }
    let special = JSONText.object([
      ("id", .string("special")), ("unit", .string("cpu")), ("kind", .string("special")),
      ("name", .string("exp on the vector lanes")),
      (
        "rates",
        .array([
          rate("f32", "f32", exp, "OP/s", "polynomial in portable Swift, \(place(exp))", "exp")
        ])
      ),
    ])
    return rates.isEmpty ? [special] : [lanes, special]
  }

  private var lanesName: String {
    let bits = host.topology.vectorBits.map { ", \($0)-bit vectors" } ?? ""
    return "CPU cores (scalar and SIMD\(bits))"
  }

  private var single: JSONText? { product("f32", .sgemm, .vectorF32) }

  private var double: JSONText? { product("f64", .dgemm, .vectorF64) }

  /// The faster of OpenBLAS and of vectors in Swift, with the other in the note.
  private func product(
    _ format: String, _ matrix: Measurand, _ vector: Measurand
  ) -> JSONText? {
    guard let best = host.fastest([matrix, vector]) else { return nil }
    var parts = [
      best.key.measurand == matrix
        ? "\(matrix.rawValue) of order \(best.key.size), \(place(best))"
        : "a * b + c in portable Swift, \(place(best))"
    ]
    for (measurand, name) in [(matrix, matrix.rawValue), (vector, "a * b + c in portable Swift")] {
      for threads in Set([1, host.threads]).sorted() {
        guard let other = host.fastest([measurand], threads: threads), other.key != best.key,
          let rate = other.rate
        else { continue }
        parts.append("\(name), \(place(other)): \(Decimal.rate(rate, "FLOP/s"))")
      }
    }
    return rate(format, format, best, "FLOP/s", parts.joined(separator: "; "))
  }

  /// 8-bit products, where portable vectors make them faster than floats; else they are a note.
  private var integer: JSONText? {
    guard let dot = host.fastest([.integerDot]), let value = dot.rate,
      let float = host.fastest([.sgemm, .vectorF32])?.rate, value > float
    else { return nil }
    return rate("i8", "i32", dot, "OP/s", "portable Swift, \(place(dot))")
  }

  /// "1 thread", "2 threads".
  func place(_ result: Sampler.Result) -> String {
    result.key.threads == 1 ? "1 thread" : "\(result.key.threads) threads"
  }

  private func rate(
    _ input: String, _ accumulate: String, _ result: Sampler.Result, _ unit: String,
    _ note: String, _ operation: String? = nil
  ) -> JSONText {
    let peak = measure(Decimal.rate(result.rate ?? 0, unit), result, note) {
      Decimal.rate($0, unit)
    }
    return .object(
      [("input", .string(input)), ("accumulate", .string(accumulate))]
        + (operation.map { [("operation", .string($0))] } ?? []) + [("peak", peak)])
  }
}
