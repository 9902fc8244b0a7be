import Eaves
import EavesCatalog
import Quantities
import Testing

/// What the tests read of the shipped catalogue, and models compiled in the conventions of the sources.
enum Shipped {
  static let models = Catalog.shipped.names(of: .model)
  static let chips = Catalog.shipped.names(of: .chip)
  /// Those that need nothing of a chip that only a calibration finds.
  static let runtimes = Catalog.shipped.names(of: .runtime).filter { name in
    let runtime = try? Catalog.shipped.runtime(named: name).value
    return runtime?.profiles.contains { !$0.usesKernelTimes } ?? true
  }

  static func model(_ name: String) throws -> Model {
    try Catalog.shipped.model(named: name).value
  }

  static func chip(_ name: String) throws -> Chip { try Catalog.shipped.chip(named: name).value }

  static func runtime(_ name: String) throws -> Runtime {
    try Catalog.shipped.runtime(named: name).value
  }

  /// A model with every tensor, activation and cache entry in 16 bits.
  static func sixteenBit(
    _ name: String, pattern: (any Pattern)? = nil, cache: CacheChoice = .rolling,
    schedule: Schedule = .flash2
  ) throws -> CompiledModel {
    try sixteenBit(model(name), pattern: pattern, cache: cache, schedule: schedule)
  }

  /// A model with every tensor, activation and cache entry in 16 bits.
  static func sixteenBit(
    _ model: Model, pattern: (any Pattern)? = nil, cache: CacheChoice = .rolling,
    schedule: Schedule = .flash2
  ) throws -> CompiledModel {
    let choices = ModelChoices(
      weights: try WeightScheme(parsing: "bf16"), kv: .bf16, activations: .bf16,
      pattern: pattern, cache: cache, schedule: schedule)
    return CompiledModel(model, choices)
  }

  /// A plan with some options set from text.
  static func plan(
    _ model: String, on chip: String, under runtime: String,
    _ options: [Option: String] = [:]
  ) throws -> Plan {
    var settings = Settings()
    for (option, text) in options { try settings.set(option, to: text) }
    if let draft = settings.decoding?.draft { settings.draft = try self.model(draft) }
    return try Plan(self.model(model), on: self.chip(chip), under: self.runtime(runtime), settings)
  }
}

extension Model {
  /// Makes every latent attention take one form in every step.
  mutating func fixLatentForm(_ form: LatentAttentionShape.Form) {
    for (name, block) in blocks {
      blocks[name]?.mixers = block.mixers.map { mixer in
        guard var shape = mixer.shape as? LatentAttentionShape else { return mixer }
        shape.form = form
        return AnyMixerShape(shape)
      }
    }
  }
}

extension CompiledModel {
  /// The operations of a step.
  func operations(_ step: Step) -> [Operation] {
    var buffer = OperationBuffer()
    emit(step, into: &buffer)
    return buffer.operations
  }
}

extension Operation {
  /// Whether it picks rows from a table.
  var isGather: Bool {
    if case .gather = kind { true } else { false }
  }

  /// The operands that are meant.
  var usedOperands: [Operand] { (0..<operandCount).map { operands[$0] } }

  /// Bytes over all its layers of the operands in some roles.
  func bytes(_ roles: Set<Operand.Role>) -> Double {
    usedOperands.filter { roles.contains($0.role) }.reduce(0) { $0 + $1.bytes.value } * repeats
  }
}

extension [Operation] {
  /// The sum of something over the operations with one of some ids, times their layers.
  func sum(_ ids: Set<Operation.ID>, _ amount: (Operation) -> Double) -> Double {
    filter { ids.contains($0.id) }.reduce(0) { $0 + $1.repeats * amount($1) }
  }

  /// Bytes of the operands in some roles, over all layers.
  func bytes(_ roles: Set<Operand.Role>) -> Double { reduce(0) { $0 + $1.bytes(roles) } }
}
