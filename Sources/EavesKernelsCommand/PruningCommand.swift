import ArgumentParser
import EavesKernels

/// `eaves-kernels validate pruning`: the error and the cost of a small model without some of its parts.
struct Pruning: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drop heads, neurons and layers of a small model, and compare results.",
    discussion: """
      A transformer with seeded weights runs on the reference kernels in float64, whole and without a share of its \
      heads, neurons or layers: the least important first, in any order, and the most important first \
      (docs/validation.md). CSV: the error of the result against the whole model, and what is left of parameters, \
      matrix FLOPs and bytes of the cache.

      EXAMPLE: eaves validate pruning --kind heads
      """)

  @ArgumentParser.Option(help: "Only one kind: heads, neurons or layers.")
  var kind: String?

  func validate() throws {
    if let kind, PruningStudy.Kind(rawValue: kind) == nil {
      let known = PruningStudy.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--kind: no kind \(kind); write one of \(known)")
    }
  }

  func run() throws {
    print("kind,share_pruned,order,relative_error,parameters,flop,kv_bytes")
    for row in try PruningStudy().rows() where kind.map({ $0 == row.kind.rawValue }) ?? true {
      let cells: [String] = [
        row.kind.rawValue, "\(row.share)", row.order.rawValue, "\(row.error)",
        "\(Int(row.parameters))", "\(Int(row.flop))", "\(Int(row.kvBytes))",
      ]
      print(cells.joined(separator: ","))
    }
  }
}
