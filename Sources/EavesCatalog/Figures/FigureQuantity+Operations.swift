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
    FigureQuantity(
      "training_step_s",
      "seconds of a training step of a plain transformer, by an eager program or a fused one",
      required: ["model", "chip", "tokens", "program"], optional: ["batch", "runtime"]
    ) { try $0.trainingStepTime() },
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
    let machine = try machine()
    let traffic = AttentionTraffic(
      tokens: Double(try count("tokens")), headSize: try number("head_size"))
    let batch = text("batch") == nil ? 1 : try number("batch")
    let training = AttentionTraining(traffic, heads: batch * (try number("heads")))
    let time =
      text("block") == nil
      ? training.eager(on: machine) : training.inBlocks(of: try number("block"), on: machine)
    guard let time else {
      throw wrong(
        "chip", "\(machine.chip.id) has no rate for f16", remedy: "name another chip")
    }
    return time.value
  }

  /// The chip under its runtime, or another.
  private func machine() throws -> Machine {
    let chip = try chip()
    return try Machine(
      chip, try resolver.runtime(text("runtime") ?? chip.defaultRuntime ?? "ideal"))
  }

  /// The time of a training step.
  fileprivate func trainingStepTime() throws -> Double {
    let machine = try machine()
    let model = try model()
    let batch = text("batch") == nil ? 1 : try count("batch")
    guard let training = TransformerTraining(model, tokens: try count("tokens"), batch: batch)
    else {
      throw wrong(
        "model", "\(model.id) is no transformer of equal layers with full attention",
        remedy: "name another model")
    }
    let names = TransformerTraining.Program.allCases.map(\.rawValue)
    guard let program = TransformerTraining.Program(rawValue: text("program") ?? "") else {
      throw wrong(
        "program", "\(quoted(text("program") ?? "")) is none",
        remedy: "write \(names.joined(separator: " or "))")
    }
    guard let time = training.seconds(program, on: machine) else {
      throw wrong(
        "chip", "\(machine.chip.id) has no rate for f16, or a step does not fit",
        remedy: "name another chip, or fewer sequences")
    }
    return time.value
  }

  /// The name of an operation in reports without commas, which end a value.
  private static func term(_ operation: Operation) -> String {
    String(operation.id.name.filter { $0 != "," })
  }
}
