import Eaves
import EavesKernels
import Quantities

/// Rows of `validate kernels`.
enum TimesTable {
  static let header =
    "family,shape,working_set_bytes,threads,predicted_lower_s,predicted_expected_s,"
    + "predicted_upper_s,measured_best_s,measured_median_s,spread_ratio,samples,clean_samples,"
    + "error_ratio,median_error_ratio,bound,in_core_s,exposed_s,held_out,at_cache_edge,"
    + "lower_bound_ok,counts_equal"

  static func row(_ comparison: TimeComparison, countsEqual: Bool) -> String {
    let predicted = comparison.predicted
    func seconds(_ time: Seconds?) -> String { time.map { "\($0.value)" } ?? "" }
    let series = comparison.series
    let cells: [String] = [
      comparison.family, comparison.shape, "\(Int(comparison.workingSet.value))", "1",
      seconds(predicted?.lower), seconds(predicted?.expected), seconds(predicted?.upper),
      seconds(comparison.best), seconds(comparison.median),
      series.spread.map { "\($0)" } ?? "", "\(series.count)", "\(series.cleanCount)",
      comparison.error.map { "\($0)" } ?? "", comparison.errorOfMedian.map { "\($0)" } ?? "",
      comparison.bound ?? "", seconds(predicted?.inCore), seconds(predicted?.exposed),
      "\(comparison.isHeldOut)", "\(comparison.isAtEdge)",
      comparison.respectsLowerBound.map { "\($0)" } ?? "", "\(countsEqual)",
    ]
    return cells.joined(separator: ",")
  }

  /// A family that is counted and not timed.
  static func untimed(_ family: String, countsEqual: Bool) -> String {
    "\(family)" + String(repeating: ",", count: 20) + "\(countsEqual)"
  }
}
