import Eaves

extension Resolver {
  /// Published figures of quality.
  /// - Throws: `DataError` where the shipped table is bad.
  public func quality() throws(DataError) -> QualityEvidence {
    if let known = qualityEvidence { return known }
    let file = try catalog.file(.evidence, named: "quality")
    let evidence = QualityEvidence(try QualityReader.read(file.bytes, file: file.path))
    qualityEvidence = evidence
    return evidence
  }

  /// Names the table of published quality in the provenance of what quotes some of its figures.
  public func quote(_ records: [QualityRecord]) { recordQuality(records) }

  /// What is published of the quality of a configuration.
  ///
  /// Weights as published lose nothing by definition. Where several choices may lose quality, what is known of each is
  /// said, and no loss is stated: losses do not add up.
  /// - Parameters:
  ///   - model: the model.
  ///   - settings: the options, read.
  ///   - values: the options as they were written.
  /// - Returns: what is known, `none` where nothing is.
  /// - Throws: `DataError` where the shipped table is bad.
  func quality(
    of model: Model, _ settings: Settings, _ values: [Option: String]
  ) throws(DataError) -> QualityStatement {
    let evidence = try quality()
    let choices = Self.choices(of: model, settings, values)
    guard !choices.isEmpty else {
      let student = evidence.statement(of: model.id, axis: "model", value: model.id)
      recordQuality(evidence.records(of: model.id, axis: "model"))
      if model.stored?.isQuantised ?? false {
        return QualityStatement(loss: nil, evidence: "none of the weights as stored")
      }
      return student ?? QualityStatement(loss: 0, evidence: "weights as published")
    }
    let statements = choices.map { axis, value in
      evidence.statement(
        of: model.id, axis: axis, value: value, in: axis == "weights" ? qualityTable : nil)
    }
    for (axis, value) in choices {
      recordQuality(evidence.records(of: model.id, axis: axis, value: value))
    }
    if choices.count == 1 { return statements[0] ?? .none }
    guard statements.contains(where: { $0 != nil }) else { return .none }
    let parts = zip(choices, statements).map { choice, statement in
      "\(choice.axis) \(choice.value) alone: \(statement?.evidence ?? "none")"
    }
    return QualityStatement(loss: nil, evidence: "none together; " + parts.joined(separator: "; "))
  }

  /// The choices that may change what the model answers, with values as result rows spell them.
  private static func choices(
    of model: Model, _ settings: Settings, _ values: [Option: String]
  ) -> [(axis: String, value: String)] {
    var choices: [(axis: String, value: String)] = []
    if let text = settings.weights, let scheme = try? WeightScheme(parsing: text),
      scheme.name != model.publishedScheme.name
    {
      choices.append(("weights", scheme.name))
    }
    if let kv = settings.kv, kv.isQuantised { choices.append(("kv", kv.name)) }
    if let activations = settings.activations, activations.isQuantised {
      choices.append(("activations", activations.name))
    }
    if !settings.cache.isLossless, let text = values[.cache] {
      choices.append(("cache", text))
    }
    for option in [Option.attention, .pattern, .sparsity] {
      if let text = values[option], !["dense", "none"].contains(text) {
        choices.append((option.rawValue, text))
      }
    }
    // Drafts are checked and lose nothing; exits and caches of earlier denoising passes are not.
    if let decoding = settings.decoding, let text = values[.decoding],
      text.hasPrefix("early-exit") || decoding.keepsApproximateCache
    {
      choices.append(("decoding", text))
    }
    return choices
  }
}
