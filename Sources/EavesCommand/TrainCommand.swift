import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

extension ModelsCommand {
  /// `eaves models train`: what training a model costs, alone or on the outputs of a teacher.
  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "train",
      abstract: "What training costs: FLOPs a token, kept activations, a teacher's logits.",
      discussion: """
        2 FLOPs a parameter and token forward, 4 backward; a teacher runs forward. Products of attention are left out of \
        FLOPs, and counted in the times of a step that --on gives for plain transformers: eager, every operation a kernel \
        of its own, and fused; none where weights, gradients and activations do not fit.

        EXAMPLE: eaves models train tinybert-4-312 --teacher bert-base --tokens 1e9
        """)

    @Argument(help: "The model that is trained: a shipped name, or a path.")
    var model: String

    @ArgumentParser.Option(help: "The model whose outputs it learns.")
    var teacher: String?

    @ArgumentParser.Option(help: "Tokens of a sequence: 2k.")
    var context = "2k"

    @ArgumentParser.Option(help: "Sequences of a step.")
    var batch = "1"

    @ArgumentParser.Option(help: "Devices that share each layer.")
    var devices = "1"

    @ArgumentParser.Option(
      help: "What is computed again, of none, selective, full; all where it is left out.")
    var recompute: String?

    @ArgumentParser.Option(help: "Tokens that are trained on in all, such as 1e9.")
    var tokens: String?

    @ArgumentParser.Option(
      name: .customLong("on"),
      help: ArgumentHelp("A chip whose 16-bit peak bounds the time.", valueName: "chip"))
    var chip: String?

    @ArgumentParser.Option(help: "The runtime of that chip, for the times of a step.")
    var runtime: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      var settings = Settings()
      try settings.set(.context, to: context)
      try settings.set(.batch, to: batch)
      try settings.set(.devices, to: devices)
      let model = try resolver.model(model)
      let teacher = try teacher.map { (name) throws(DataError) in try resolver.model(name) }
      let chip = try chip.map { (name) throws(DataError) in try resolver.chip(name) }
      if runtime != nil, chip == nil {
        throw ValidationError("--runtime means nothing without --on; name a chip")
      }
      // A chip that lacks what times need still bounds them by its peak; a runtime asks for times.
      let machine = try chip.flatMap { chip in
        let software = try resolver.runtime(runtime ?? chip.defaultRuntime ?? "ideal")
        return runtime == nil ? try? Machine(chip, software) : try Machine(chip, software)
      }
      let total = try tokens.map(Self.count)
      let kinds = try recompute.map { [try Self.kind($0)] }
      let rows = (kinds ?? ActivationCheckpointing.Recompute.allCases).map { kind in
        TrainingRow(
          model, teacher: teacher, kind, settings, tokens: total,
          peak: chip.flatMap { TrainingRow.peak(of: $0) }, chip: chip?.id, machine: machine)
      }
      try output.emit(rows, columns: TrainingRow.columns, provenance: resolver.provenance)
    }

    private static func kind(_ text: String) throws -> ActivationCheckpointing.Recompute {
      if let kind = ActivationCheckpointing.Recompute(rawValue: text) { return kind }
      let names = ActivationCheckpointing.Recompute.allCases.map(\.rawValue)
      throw ValidationError(
        "--recompute: \"\(text)\" is none; write \(names.joined(separator: ", "))")
    }

    private static func count(_ text: String) throws -> Double {
      if let count = TokenCount.parse(text) { return Double(count) }
      if let number = Double(text), number >= 1, number <= 1e18, number == number.rounded() {
        return number
      }
      throw ValidationError(
        "--tokens: \"\(text)\" is no number of tokens; write 1 to 1e18, such as 300e9 or 1M")
    }
  }
}

/// One row of `eaves models train`.
struct TrainingRow: Sendable {
  let model: String
  let teacher: String?
  let recompute: String
  let batch: Int
  let context: Int
  let devices: Int
  let parameters: Double
  let teacherParameters: Double?
  let flopPerToken: Double
  let activationBytes: Bytes
  let logitBytes: Bytes?
  let chip: String?
  let trainingFLOPs: Double?
  let least: Seconds?
  let runtime: String?
  /// A step of one device, by program.
  let eager: Seconds?
  let fused: Seconds?

  init(
    _ model: Model, teacher: Model?, _ kind: ActivationCheckpointing.Recompute,
    _ settings: Settings, tokens: Double?, peak: FLOPsPerSecond?, chip: String?,
    machine: Machine?
  ) {
    let inventory = CompiledModel(model, Settings()).inventory
    let taught = teacher.map { CompiledModel($0, Settings()).inventory.active }
    let arithmetic = TrainingArithmetic(
      parameters: inventory.active, teacher: taught ?? 0, recompute: kind)
    let heads = model.blocks.values.compactMap { $0.attention?.heads }.max() ?? 0
    let step = settings.step
    let layer = ActivationCheckpointing(
      tokens: Double(step.context), batch: Double(step.batch), hidden: Double(model.hiddenSize),
      heads: Double(heads))
    self.model = model.id
    self.teacher = teacher?.id
    recompute = kind.rawValue
    batch = step.batch
    context = step.context
    devices = settings.devices
    parameters = inventory.active
    teacherParameters = taught
    flopPerToken = arithmetic.flopPerToken
    activationBytes = Bytes(
      layer.bytes(kind, tensorParallel: Double(settings.devices)) * Double(model.layers.count))
    logitBytes = teacher.map {
      Bytes(TrainingArithmetic.logitBytes(vocabulary: $0.vocabulary))
    }
    self.chip = chip
    runtime = machine?.runtime.id
    // Without a teacher, on one device, and with nothing computed again: else a step is another.
    let isPlain = teacher == nil && settings.devices == 1 && kind == .none
    let training =
      isPlain ? TransformerTraining(model, tokens: step.context, batch: step.batch) : nil
    eager = machine.flatMap { training?.seconds(.eager, on: $0) }
    fused = machine.flatMap { training?.seconds(.fused, on: $0) }
    trainingFLOPs = tokens.map { $0 * arithmetic.flopPerToken }
    let all = Double(settings.devices)
    least = peak.flatMap { peak in
      tokens.map { FLOPs($0 * arithmetic.flopPerToken) / (all * peak) }
    }
  }

  /// The fastest 16-bit products of a chip.
  static func peak(of chip: Chip) -> FLOPsPerSecond? {
    let rates = chip.engines.flatMap(\.rates).filter { rate in
      (rate.input == .bf16 || rate.input == .f16) && rate.operation == nil
    }
    return rates.map(\.peak.value).max()
  }

  static let columns: [Column<TrainingRow>] = [
    .text("model") { $0.model },
    .text("teacher") { $0.teacher },
    .text("recompute") { $0.recompute },
    .integer("batch") { $0.batch },
    .integer("context_tokens") { $0.context },
    .integer("devices") { $0.devices },
    .integer("active_parameters") { Int($0.parameters.rounded()) },
    .integer("teacher_active_parameters") { $0.teacherParameters.map { Int($0.rounded()) } },
    .quantity("training_per_token") { FLOPs($0.flopPerToken) },
    .quantity("activation") { $0.activationBytes },
    .quantity("logit_per_token") { $0.logitBytes },
    .text("chip") { $0.chip },
    .quantity("training") { $0.trainingFLOPs.map { FLOPs($0) } },
    .quantity("training_lower") { $0.least },
    .text("runtime") { $0.runtime },
    .quantity("eager_step") { $0.eager },
    .quantity("fused_step") { $0.fused },
  ]
}
