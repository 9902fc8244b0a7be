import Eaves
import Quantities

extension FigureQuantity {
  /// Figures of number formats and of chip profiles.
  static let chips: [FigureQuantity] = [
    FigureQuantity(
      "bits_per_weight", "stored bits of an element in a format, scales and indices included",
      required: ["format"], optional: ["sparsity"]
    ) { arguments in
      let text = arguments.text("format") ?? ""
      do {
        let bits = try NumberFormat(parsing: text).bitsPerElement
        guard let name = arguments.text("sparsity") else { return bits }
        guard let sparsity = SparsityList.parse(name) else {
          throw arguments.wrong(
            "sparsity", "\(quoted(name)) is no sparsity",
            remedy: "write \(SparsityList.forms.joined(separator: ", "))")
        }
        return sparsity.storedBits(bits)
      } catch let error as FormatError {
        throw arguments.wrong("format", error.problem, remedy: error.remedy)
      }
    },
    FigureQuantity(
      "weight_error_ratio", "‖ΔW‖/‖W‖ of normal weights rounded to a format, 262,144 unless said",
      required: ["format"], optional: ["count", "seed"]
    ) { try $0.weightError() },
    FigureQuantity(
      "peak_flop_per_s", "dense peak of the fastest engine", required: ["chip", "precision"]
    ) { try $0.rate().peak.value.value },
    FigureQuantity(
      "sparse_ratio", "factor of 2:4 sparsity on the dense peak; 1 where the engine has none",
      required: ["chip", "precision"]
    ) { try $0.rate().sparse.first { $0.pattern == "2:4" }?.speedup ?? 1 },
    FigureQuantity(
      "bandwidth_bytes_per_s", "bandwidth of main memory", required: ["chip"]
    ) { arguments in
      try arguments.figure("bandwidth of main memory") { chip in
        chip.mainMemoryIndex.flatMap { chip.memory[$0].bandwidth?.value.value }
      }
    },
    FigureQuantity("memory_bytes", "usable capacity of main memory", required: ["chip"]) {
      arguments in
      try arguments.figure("capacity of main memory") { chip in
        chip.mainMemoryIndex.flatMap { chip.memory[$0].usableCapacity?.value }
      }
    },
    FigureQuantity(
      "link_bytes_per_s", "bandwidth of a link in one direction", required: ["chip", "link"]
    ) { try $0.linkBandwidth() },
  ]
}

extension QuantityArguments {
  /// The dense rate of a precision on the fastest engine that has it.
  func rate() throws -> Engine.Rate {
    let text = text("precision") ?? ""
    guard let precision = MultiplyPrecision(rawValue: text) else {
      throw wrong(
        "precision", "\(quoted(text)) is no precision",
        remedy: "write \(MultiplyPrecision.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let chip = try chip()
    let rates = chip.engines.flatMap(\.rates).filter {
      $0.input == precision && $0.operation == nil
    }
    guard let fastest = rates.max(by: { $0.peak.value < $1.peak.value }) else {
      throw wrong("precision", "\(chip.id) has no rate for \(text)", remedy: "name another")
    }
    return fastest
  }

  /// The bandwidth of the link that `link` names.
  func linkBandwidth() throws -> Double {
    let name = text("link") ?? ""
    let chip = try chip()
    guard let link = chip.links.first(where: { $0.id == name }) else {
      let known = chip.links.map(\.id)
      throw wrong(
        "link", "\(chip.id) has no link \(quoted(name))",
        remedy: known.isEmpty ? "it lists none" : "write \(known.joined(separator: ", "))")
    }
    guard let bandwidth = link.bandwidth else {
      throw wrong("link", "\(chip.id) gives no bandwidth of \(name)", remedy: "name another")
    }
    return bandwidth.value.value
  }

  /// A figure of the chip that its profile may lack.
  fileprivate func figure(_ name: String, _ value: (Chip) -> Double?) throws -> Double {
    let chip = try chip()
    guard let value = value(chip) else {
      throw wrong("chip", "\(chip.id) gives no \(name)", remedy: "name another chip")
    }
    return value
  }
}
