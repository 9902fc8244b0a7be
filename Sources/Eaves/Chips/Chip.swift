public import Quantities

/// A chip profile: engines, memory hierarchy, links, power; every figure with its source.
///
/// Read from `HardwareProfiles/*.json` (schema version 1, `docs/schema/chip.schema.json`). A profile
/// may be partial: what is absent is unknown, and an answer that needs it names the field.
public struct Chip: Sendable {
  public var id: String
  public var name: String
  public var vendor: String
  /// What sort of chip it is: gpu, phone-soc, mcu and the like.
  public var chipClass: String
  /// Chips that share constants of a runtime ("nv-dc-ampere").
  public var family: String
  public var year: Int?
  public var process: String?
  public var scope: String?
  public var aliases: [String]
  public var defaultRuntime: String?
  public var clocks: [String: Measure<Hertz>]
  public var engines: [Engine]
  /// Nearest to the engines first.
  public var memory: [MemoryLevel]
  public var storage: [Storage]
  public var links: [Link]
  public var power: Power
  public var overheads: Overheads
  /// Pieces of kernels on one thread, where they were measured.
  public var kernels: KernelTimes?
  /// Energy of arithmetic, where published.
  public var operationEnergies: [OperationEnergy]
  public var limits: [String: String]
  public var claims: [Remark]
  public var notes: [Remark]
  public var sources: [String: Source]

  /// How many memory levels and engines the evaluator's tables hold.
  public static let mostLevels = 8
  public static let mostEngines = 16

  /// A chip with the four facts every profile has; the rest is unknown until set.
  public init(
    id: String, name: String, chipClass: String, family: String, engines: [Engine],
    memory: [MemoryLevel]
  ) {
    self.id = id
    self.name = name
    self.vendor = ""
    self.chipClass = chipClass
    self.family = family
    self.aliases = []
    self.clocks = [:]
    self.engines = engines
    self.memory = memory
    self.storage = []
    self.links = []
    self.power = Power()
    self.overheads = Overheads()
    self.operationEnergies = []
    self.limits = [:]
    self.claims = []
    self.notes = []
    self.sources = [:]
  }

  /// The index of the level that holds weights, cache and activations of a model: the farthest DRAM or
  /// HBM, or the farthest SRAM where there is no DRAM; `nil` where the profile lists neither.
  public var mainMemoryIndex: Int? {
    memory.lastIndex { $0.kind == .dram || $0.kind == .hbm }
      ?? memory.lastIndex { $0.kind == .sram }
      ?? memory.lastIndex { $0.kind == .cache }
  }
}
