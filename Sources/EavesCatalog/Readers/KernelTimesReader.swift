import Eaves
import Quantities

extension KernelTimes {
  /// Reads the pieces of kernels of a profile.
  /// - Throws: `DataError` where a curve has no point, or its working sets do not grow.
  init(reading reader: ObjectReader) throws(DataError) {
    let reading = try reader.curve("reading")
    guard !reading.isEmpty else {
      throw reader.error(
        at: "reading", "the list is empty or missing",
        remedy: "write [ { \"working_set\": \"16 KiB\", \"bandwidth\": { … } } ]")
    }
    self.init(
      reading: reading, copying: try reader.curve("copying"),
      times: try reader.measures("times", by: KernelPiece.self, as: Seconds.self),
      exposedShares: try reader.measures(
        "exposed_share", by: KernelMaker.self, as: Ratio.self),
      reaches: try reader.measures(
        "main_memory_share", by: KernelStream.self, as: Ratio.self, .positive))
  }
}

extension ObjectReader {
  /// Points of a curve, smallest working set first.
  fileprivate func curve(_ key: String) throws(DataError) -> [KernelTimes.Point] {
    let points = try objects(key).map { (point) throws(DataError) in
      KernelTimes.Point(
        workingSet: try point.amount("working_set", as: Bytes.self, .positive),
        bandwidth: try point.measure("bandwidth", as: BytesPerSecond.self, .positive))
    }
    for (first, second) in zip(points, points.dropFirst())
    where first.workingSet >= second.workingSet {
      throw error(
        at: key, "the working set \(second.workingSet.display) follows \(first.workingSet.display)",
        remedy: "list the points with growing working sets")
    }
    return points
  }
}
