import Quantities

@testable import EavesReport

/// A row with a cell of every kind.
struct Sample {
  var chip = "orin-nano"
  var batch = 1
  var latency: Seconds? = Seconds(0.0885)
  var cache: Bytes? = Bytes(0x1p30)
  var fits: Bool? = true
  var note: String?

  static let columns: [Column<Sample>] = [
    .text("chip", \.chip),
    .integer("batch", \.batch),
    .quantity("latency", \.latency),
    .quantity("kv_cache", \.cache),
    .boolean("fits", \.fits),
    .text("note", \.note),
  ]
}

extension OutputFormat {
  /// The document as text.
  func text(
    _ rows: [Sample], _ columns: [Column<Sample>] = Sample.columns, _ provenance: Provenance? = nil
  ) -> String {
    document(of: rows, columns: columns, provenance: provenance).text
  }
}

/// What a closure writes into a buffer, as text.
func written(_ write: (inout ByteBuffer) -> Void) -> String {
  var buffer = ByteBuffer()
  write(&buffer)
  return buffer.text
}
