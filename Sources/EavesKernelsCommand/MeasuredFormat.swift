import Eaves
import EavesBlocks
import EavesCatalog
import EavesKernels
import EavesReport
import Quantities

/// What weights in a format cost: bytes, and a decode step on a chip where one is named.
struct FormatCost: Sendable {
  let weightBytes: Bytes
  let chip: String?
  let latency: Seconds?
  let rate: TokensPerSecond?

  init(_ model: Model, path: String, _ scheme: WeightScheme, on chip: String?, _ resolver: Resolver)
    throws
  {
    var settings = Settings()
    settings.weights = scheme.name
    weightBytes = CompiledModel(model, settings).inventory.weightBytes
    self.chip = chip
    guard let chip else {
      (latency, rate) = (nil, nil)
      return
    }
    var row: ResultRow?
    let axes = [
      Axis(.model, values: [path]), Axis(.chip, values: [chip]),
      Axis(.weights, values: [scheme.name]),
    ]
    _ = try Sweep(axes: axes).run(resolver) { row = $0 }
    latency = row.flatMap { $0.hasTimes ? $0.cost.expected : nil }
    rate = row?.tokenRate
  }
}

/// One row of `formats measure`.
struct MeasuredFormat: Sendable {
  let model: Model
  let result: FormatStudy.Result
  let cost: FormatCost

  /// The columns: errors first, then what the format costs.
  static func columns(byTensor: Bool, withChip: Bool) -> [Column<MeasuredFormat>] {
    var columns: [Column<MeasuredFormat>] = [
      .text("model") { $0.model.id }, .text("weights") { $0.result.scheme.name },
      .text("formats") { $0.result.formats.joined(separator: "+") },
    ]
    if byTensor {
      columns.append(.text("tensor") { $0.result.tensor })
    } else {
      columns.append(.integer("tensors") { $0.result.tensors })
    }
    columns += [
      .integer("measured_weights") { $0.result.error.weights },
      Column(
        name: "bits_per_weight", alignment: .right, display: { significant($0, digits: 4) },
        value: { Cell($0.result.bitsPerWeight) }),
      .ratio("weight_error") { $0.result.error.weightRatio },
      .ratio("output_error") { $0.result.error.outputRatio },
    ]
    if !byTensor {
      columns += [
        .ratio("worst_weight_error") { $0.result.worst?.ratio },
        .text("worst_tensor") { $0.result.worst?.tensor },
      ]
    }
    columns.append(.quantity("weights_resident") { $0.cost.weightBytes })
    guard withChip else { return columns }
    return columns + [
      .text("chip") { $0.cost.chip }, .quantity("latency") { $0.cost.latency },
      .quantity("") { $0.cost.rate },
    ]
  }
}
