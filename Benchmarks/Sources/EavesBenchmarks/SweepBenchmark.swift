import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// How fast a sweep becomes CSV with every column, without the disk.
enum SweepBenchmark {
  /// Contexts, batches, both phases and four weight formats: 65,536 rows.
  static let axes = [
    Axis(.model, values: ["llama-3.1-8b"]),
    Axis(.chip, values: ["nvidia-a100-sxm-80"]),
    Axis(.weights, values: ["bf16", "q8_0", "q4_0", "q4_k_m"]),
    Axis(.phase, values: Phase.allCases.map(\.rawValue)),
    Axis(.batch, values: (1...32).map(String.init)),
    Axis(.context, values: (1...256).map { String(131 * $0) }),
  ]

  static var sweeps: [(name: String, sweep: Sweep)] {
    [
      ("no baseline", Sweep(axes: axes)),
      ("baseline weights=bf16", Sweep(axes: axes, baseline: [.weights: "bf16"])),
      ("baseline batch=1", Sweep(axes: axes, baseline: [.batch: "1"])),
    ]
  }

  /// Writes a sweep; how many bytes it was.
  static func write(_ sweep: Sweep, _ resolver: Resolver, _ columns: [Column<ResultRow>]) throws
    -> Int
  {
    var writer = RowWriter(.csv, columns: columns)
    var buffer = ByteBuffer(capacity: 1 << 17)
    var bytes = 0
    writer.begin(into: &buffer)
    try sweep.run(resolver) { row in
      writer.row(row, into: &buffer)
      if buffer.count > 1 << 16 {
        bytes += buffer.count
        buffer.removeAll()
      }
    }
    writer.end(into: &buffer)
    return bytes + buffer.count
  }

  static func report() throws {
    let reference = ReferenceLoop.nanoseconds()
    print("reference loop: \(significant(reference)) ns")
    print(
      padded("sweep to CSV, all columns", 45) + "a second      ns      reference loops  bytes a row"
    )
    let resolver = Resolver()
    for (name, sweep) in sweeps {
      var bytes = 0
      let time =
        try Stopwatch.nanoseconds(samples: 8) {
          bytes = try write(sweep, resolver, ResultColumns.all)
        } / Double(sweep.count)
      print(
        padded(name, 45) + padded(grouped(Int(1e9 / time)), 14) + padded("\(Int(time))", 8)
          + padded(significant(time / reference), 17) + String(bytes / sweep.count))
    }
  }
}
