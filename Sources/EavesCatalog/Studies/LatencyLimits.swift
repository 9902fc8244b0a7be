import Quantities

/// Limits of a serving benchmark: a row of `Scenarios/evidence/mlperf.csv`.
public struct LatencyLimits: Sendable, Hashable {
  /// Its name: "llama2-70b-interactive".
  public let id: String
  /// The model that it is about.
  public let model: String
  /// To the first token, and of one after it, in seconds.
  public let ttft: Double
  public let tpot: Double
  /// Whether the limits were read in a source.
  public let isVerified: Bool

  /// The columns of the table.
  public static let columns = [
    "id", "model", "scenario", "round", "ttft_s", "tpot_s", "percentile", "verified", "source",
  ]

  /// Reads the table.
  /// - Throws: `DataError` naming line, column, value and remedy.
  public static func read(_ bytes: [UInt8], file: String) throws(DataError) -> [LatencyLimits] {
    let table = try CSVTable(parsing: bytes, file: file, required: columns)
    var limits: [LatencyLimits] = []
    for row in table.rows {
      func seconds(_ column: String) throws(DataError) -> Double {
        guard let value = Double(row.text(column)), value > 0, value.isFinite else {
          throw row.error(
            column, "\(quoted(row.text(column))) is no time", remedy: "write seconds, such as 0.45")
        }
        return value
      }
      guard ["true", "false"].contains(row.text("verified")) else {
        throw row.error("verified", "is neither true nor false", remedy: "write one of them")
      }
      limits.append(
        LatencyLimits(
          id: row.text("id"), model: row.text("model"), ttft: try seconds("ttft_s"),
          tpot: try seconds("tpot_s"), isVerified: row.text("verified") == "true"))
    }
    return limits
  }

  /// All limits that are shipped.
  /// - Throws: `DataError` where the table is bad.
  public static func shipped() throws(DataError) -> [LatencyLimits] {
    let file = try Catalog.shipped.file(.evidence, named: "mlperf")
    return try read(file.bytes, file: file.path)
  }
}
