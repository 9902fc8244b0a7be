import Eaves
import Quantities

extension FigureQuantity {
  /// Parts of a step that no column has.
  static let operations: [FigureQuantity] = [
    FigureQuantity(
      "operation_s", "seconds of the operations of a name in a step, as expected",
      required: ["operation", "model", "chip"], optional: configuration + ["power-mode"]
    ) { try $0.operationTime() },
    FigureQuantity(
      "attention_training_s",
      "seconds of attention forward and backward, eager, or in blocks of so many keys",
      required: ["tokens", "head_size", "heads", "chip"], optional: ["batch", "block", "runtime"]
    ) { try $0.attentionTrainingTime() },
  ]
}

extension QuantityArguments {
  /// The time of the operations that `operation` names, in all layers; without what a runtime adds a layer or
  /// a step.
  fileprivate func operationTime() throws -> Double {
    let name = text("operation") ?? ""
    let options = term.options.filter { $0.name != "operation" }
    let configuration = try FigureExpression.Term(
      name: term.name, options: options, offset: term.offset
    ).configuration()
    var plan = try resolver.plan(configuration)
    let row = plan.row(plan.settings.step)
    guard row.hasTimes else {
      throw ExpressionError(.noValue, at: term.offset, "operation_s has no value (\(row.note))")
    }
    let parts = plan.breakdown(plan.round(plan.settings.step))
    let named = parts.filter { Self.term($0.operation) == name }
    guard !named.isEmpty else {
      let known = parts.map { Self.term($0.operation) }.reduce(into: [String]()) { names, name in
        if !names.contains(name) { names.append(name) }
      }
      throw wrong(
        "operation", "the step has no operation \(quoted(name))",
        remedy: "it has \(known.joined(separator: ", "))")
    }
    return named.reduce(0) { $0 + $1.cost.expected.value * $1.operation.repeats }
  }

  /// The time of attention in a training step, of one layer.
  fileprivate func attentionTrainingTime() throws -> Double {
    let chip = try chip()
    let runtime = try resolver.runtime(text("runtime") ?? chip.defaultRuntime ?? "ideal")
    let machine = try Machine(chip, runtime)
    let traffic = AttentionTraffic(
      tokens: Double(try count("tokens")), headSize: try number("head_size"))
    let batch = text("batch") == nil ? 1 : try number("batch")
    let training = AttentionTraining(traffic, heads: batch * (try number("heads")))
    let time =
      text("block") == nil
      ? training.eager(on: machine) : training.inBlocks(of: try number("block"), on: machine)
    guard let time else {
      throw wrong("chip", "\(chip.id) has no rate for f16", remedy: "name another chip")
    }
    return time.value
  }

  /// The name of an operation in reports without commas, which end a value.
  private static func term(_ operation: Operation) -> String {
    String(operation.id.name.filter { $0 != "," })
  }
}
