public import Eaves

/// Finds what configurations name, reads each file once, and keeps the list for provenance.
public final class Resolver {
  let catalog: Catalog
  private var chips: [String: Loaded<Chip>] = [:]
  private var runtimes: [String: Loaded<Runtime>] = [:]
  private var models: [String: Loaded<Model>] = [:]
  private var presets: [String: Loaded<Preset>] = [:]
  private var traces: [String: ExpertTrace] = [:]
  var qualityEvidence: QualityEvidence?
  /// The only table of published quality that rows may name of their weights; `nil` for any.
  public var qualityTable: QualityTable?
  /// Everything read, in order.
  public private(set) var inputs: [Input] = []

  /// Something that a result depends on.
  public struct Input: Sendable, Hashable {
    /// chip, runtime, model, study or evidence.
    public var kind: CatalogFile.Kind
    /// Its id, or the path it was read from.
    public var name: String
    /// The hash of its content.
    public var hash: String
    /// Paths of the figures in it that rest on memory.
    public var unverified: [String]
  }

  /// A resolver over a catalogue.
  public init(_ catalog: Catalog = .shipped) { self.catalog = catalog }

  /// A chip by name or path.
  /// - Throws: `DataError` where there is none or its file is bad.
  public func chip(_ name: String) throws(DataError) -> Chip {
    if let known = chips[name] { return known.value }
    let loaded = try catalog.chip(named: name)
    chips[name] = loaded
    record(.chip, loaded.name, loaded.hash, loaded.value.unverifiedFigures)
    return loaded.value
  }

  /// A runtime by name or path.
  /// - Throws: `DataError` where there is none or its file is bad.
  public func runtime(_ name: String) throws(DataError) -> Runtime {
    if let known = runtimes[name] { return known.value }
    let loaded = try catalog.runtime(named: name)
    runtimes[name] = loaded
    record(.runtime, loaded.name, loaded.hash, [])
    return loaded.value
  }

  /// A model by name or path, with other sizes where some stand behind it (`llama-3.2-1b:layers=12`).
  ///
  /// Only what is read is kept and recorded: a search may ask for very many sizes.
  /// - Throws: `DataError` where there is none or its file is bad, and for a size that is none.
  public func model(_ name: String) throws(DataError) -> Model {
    if let known = models[name] { return known.value }
    if let (base, parts) = ShapeChange.split(name) {
      let model = try self.base(base)
      do throws(Refusal) {
        return try ShapeChange(parsing: parts).applied(to: model)
      } catch {
        throw DataError(.notFound, "model \(quoted(name)): \(error.problem)", remedy: error.remedy)
      }
    }
    return try base(name)
  }

  private func base(_ name: String) throws(DataError) -> Model {
    if let known = models[name] { return known.value }
    let loaded = try catalog.model(named: name)
    models[name] = loaded
    record(.model, loaded.name, loaded.hash, loaded.value.isVerified ? [] : ["shapes"])
    return loaded.value
  }

  /// A configuration with the values of its preset, where `--attention` names one.
  ///
  /// What the configuration sets itself comes first.
  /// - Throws: `DataError` where there is no such preset, `OptionError` for a bad value.
  public func expanded(_ values: [Option: String]) throws -> [Option: String] {
    guard let text = values[.attention] else { return values }
    var settings = Settings()
    try settings.set(.attention, to: text)
    guard let name = settings.preset else { return values }
    let preset = try preset(name)
    var expanded = preset.values.merging(values) { $1 }
    // The preset's own head sharing, where it has one.
    expanded[.attention] = preset.values[.attention]
    return expanded
  }

  /// A preset by name or path.
  /// - Throws: `DataError` where there is none or its file is bad.
  public func preset(_ name: String) throws(DataError) -> Preset {
    if let known = presets[name] { return known.value }
    let loaded = try catalog.preset(named: name)
    presets[name] = loaded
    record(.preset, loaded.name, loaded.hash, [])
    return loaded.value
  }

  /// A recorded trace of experts (docs/method.md 2).
  /// - Throws: `DataError` where there is no such file or it is bad.
  public func trace(_ path: String) throws(DataError) -> ExpertTrace {
    if let known = traces[path] { return known }
    let file = CatalogFile(
      kind: .evidence, name: path, path: path, bytes: try FileReader.read(path: path))
    record(.evidence, file.name, file.hash, [])
    let trace = try TraceReader.read(file.bytes, file: path)
    traces[path] = trace
    return trace
  }

  /// A study by name or path.
  /// - Throws: `DataError` where there is none or its file is bad.
  public func study(_ name: String) throws(DataError) -> Study {
    let file = try catalog.file(.study, named: name)
    record(.study, file.name, file.hash, [])
    return try Study(parsing: file.bytes, file: file.path)
  }

  /// A table of published figures: a file, or what is shipped.
  /// - Parameter path: The file; `nil` for `Scenarios/evidence/figures.csv`.
  /// - Returns: The figures in the order of the table.
  /// - Throws: `DataError` where there is no such file, or it is bad.
  public func figures(path: String? = nil) throws(DataError) -> [Figure] {
    let file: CatalogFile
    if let path {
      file = CatalogFile(
        kind: .evidence, name: path, path: path, bytes: try FileReader.read(path: path))
    } else {
      file = try catalog.file(.evidence, named: "figures")
    }
    record(.evidence, file.name, file.hash, [])
    return try FigureReader.read(file.bytes, file: file.path)
  }

  /// The plan of one configuration.
  /// - Parameters:
  ///   - values: the options that are set; the others have their defaults.
  ///   - isOnPaper: whether zeros count as skipped whatever the chip does.
  /// - Returns: the plan, ready to be evaluated.
  /// - Throws: `DataError` for names and files, `OptionError` for values, `PlanError` where the chip lacks a
  ///   figure.
  public func plan(_ values: [Option: String], isOnPaper: Bool = false) throws -> Plan {
    guard let chipName = values[.chip] else {
      throw OptionError(.chip, problem: "no chip is named", remedy: "write --on CHIP")
    }
    guard let modelName = values[.model] else {
      throw OptionError(
        .model, problem: "no model is named", remedy: "write a model's name or path")
    }
    var settings = try Settings(try expanded(values))
    settings.preset = values[.attention].flatMap { presets[$0]?.name }
    settings.isOnPaper = isOnPaper
    if let draft = settings.decoding?.draft { settings.draft = try self.model(draft) }
    if let path = settings.experts.tracePath { settings.experts.trace = try trace(path) }
    let chip = try chip(chipName)
    let runtime = try runtime(values[.runtime] ?? chip.defaultRuntime ?? "ideal")
    let model = try self.model(modelName)
    settings.quality = try quality(of: model, settings, values)
    let plan = try Plan(model, on: chip, under: runtime, settings)
    record(unverified: plan.machine.profile.unverifiedFigures, of: runtime, for: chip)
    return plan
  }

  /// Adds what another resolver has read.
  func absorb(_ others: [Input]) {
    for other in others {
      if let index = inputs.firstIndex(where: { $0.kind == other.kind && $0.name == other.name }) {
        for path in other.unverified where !inputs[index].unverified.contains(path) {
          inputs[index].unverified.append(path)
        }
      } else {
        inputs.append(other)
      }
    }
  }

  /// Names the table of published quality in the provenance of what quotes some of its figures.
  func recordQuality(_ records: [QualityRecord]) {
    guard !records.isEmpty, let file = try? catalog.file(.evidence, named: "quality") else {
      return
    }
    if !inputs.contains(where: { $0.kind == .evidence && $0.name == file.name }) {
      record(.evidence, file.name, file.hash, [])
    }
    guard let index = inputs.firstIndex(where: { $0.kind == .evidence && $0.name == file.name })
    else { return }
    for record in records where !record.isVerified && !inputs[index].unverified.contains(record.id)
    {
      inputs[index].unverified.append(record.id)
    }
  }

  private func record(
    _ kind: CatalogFile.Kind, _ name: String, _ hash: String, _ unverified: [String]
  ) {
    inputs.append(Input(kind: kind, name: name, hash: hash, unverified: unverified))
  }

  /// A runtime's unverified figures are those of the profiles that were used.
  private func record(unverified: [String], of runtime: Runtime, for chip: Chip) {
    guard
      let index = inputs.firstIndex(where: { $0.kind == .runtime && $0.name == runtime.id })
        ?? inputs.firstIndex(where: { $0.kind == .runtime })
    else { return }
    for figure in unverified {
      let path = "\(chip.family): \(figure)"
      if !inputs[index].unverified.contains(path) { inputs[index].unverified.append(path) }
    }
  }
}

extension Settings {
  /// The settings of a configuration.
  /// - Throws: `OptionError` at the first value that its option does not take.
  public init(_ values: [Option: String]) throws(OptionError) {
    self.init()
    for option in Option.allCases {
      if let text = values[option] { try set(option, to: text) }
    }
  }
}
