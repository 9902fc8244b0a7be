public import Eaves
import Quantities

/// The answer of `eaves bound` as people read it.
public struct BoundReport {
  private let plan: Plan
  private let settings: StepSettings
  private let row: ResultRow
  private let parts: [(operation: Operation, cost: OperationCost)]
  /// How many of them, at the end, are of other models than the one asked for.
  private let helperParts: Int
  private let unverified: [String]

  /// The report of one step.
  /// - Parameters:
  ///   - plan: the compiled configuration.
  ///   - settings: phase, batch and context.
  ///   - unverified: figures behind the answer that nobody has verified.
  public init(_ plan: Plan, _ settings: StepSettings, unverified: [String]) {
    var plan = plan
    self.settings = settings
    row = plan.row(settings)
    let round = plan.round(settings)
    parts = plan.breakdown(round)
    helperParts = plan.helperBreakdown(round).count
    self.plan = plan
    self.unverified = unverified
  }

  /// The whole report.
  public func text() -> String {
    var sections = [title, verdict]
    if row.hasTimes { sections += [whereItGoes] }
    sections += [whatFits]
    if row.hasTimes { sections += [whatWouldChange, energy] }
    sections += [doubts]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var title: String {
    let labels = row.labels
    let tokens = grouped(row.phase == .decode ? row.context : row.newTokens)
    let step =
      switch (plan.model.model.kind, row.phase) {
      case (.encoder, _): "one pass over \(tokens) tokens"
      case (.diffusion, _) where row.newTokens == row.context:
        "one denoising pass over \(tokens) tokens"
      case (.diffusion, _):
        "a denoising pass over \(grouped(row.newTokens)) of \(tokens) tokens"
      case (_, .decode): "decode at \(tokens) tokens"
      case (_, .prefill): "prefill of \(tokens) tokens"
      }
    var parts = [
      labels.model, labels.chip, "\(step), batch \(row.batch)",
      "weights \(labels.weights), "
        + (labels.cache == "none" ? "no KV cache" : "KV \(labels.kv)\(cache)"),
      labels.runtime,
    ]
    if plan.hasHelpers { parts.append(labels.decoding) }
    if !labels.powerMode.isEmpty { parts.append("power mode \(labels.powerMode)") }
    return parts.joined(separator: " · ")
  }

  /// The cache policy, where it is not the model's own.
  private var cache: String {
    plan.settings.cache == .rolling ? "" : ", cache \(row.labels.cache)"
  }

  // MARK: Verdict

  private var verdict: String {
    guard row.hasTimes else { return doesNotFit }
    let cost = row.cost
    let unit =
      plan.hasHelpers && row.phase == .decode
      ? "a round of \(significant(row.tokens)) tokens"
      : row.phase == .decode ? (row.tokens == 1 ? "a token" : "a step") : "for the prompt"
    var lines = [sentence]
    lines.append(
      "  \(cost.lower.display) \(unit) at best, \(cost.expected.display) expected "
        + "(\(row.labels.runtime)), \(cost.upper.display) without overlap   →  "
        + "\(significant(row.tokenRate?.value ?? 0)) tokens/s")
    if let request = row.request {
      lines.append(
        "  a request of \(grouped(request.promptTokens)) + \(grouped(request.generateTokens)) tokens: "
          + "\(request.ttft.display) to the first, \(request.tpot.display) each after it, "
          + "\(request.total.display) in all")
    }
    return lines.joined(separator: "\n")
  }

  /// One sentence: what binds, and by how much.
  private var sentence: String {
    let bound = row.bound
    var text: String
    switch bound {
    case .memory(let id): text = "BANDWIDTH-BOUND at \(levelName(id))"
    case .compute(let id): text = "COMPUTE-BOUND at \(engineName(id))"
    case .dequantisation(let id): text = "DEQUANTISATION-BOUND at \(engineName(id))"
    case .overhead: text = "OVERHEAD-BOUND: fixed times of \(row.labels.runtime)"
    case .link(let id): text = "LINK-BOUND at \(id)"
    case .capacity(let id): text = "CAPACITY-BOUND at \(levelName(id))"
    }
    if let intensity = row.intensity, let ridge = row.ridge {
      text +=
        ": \(significant(intensity.value)) FLOP/B against a ridge point of "
        + "\(significant(ridge.value)) FLOP/B"
    }
    let share = row.cost.seconds(limitedBy: row.cost.limiter) / row.cost.expected
    return text + ", \(percent(share)) of the expected time"
  }

  private var doesNotFit: String {
    let footprint = row.footprint
    let capacity = footprint.capacity?.displayBinary ?? "unknown"
    return "DOES NOT FIT in \(levelName(plan.machine.mainLevel.id)): needs "
      + "\(footprint.total.displayBinary) of \(capacity), so no time is given"
  }

  private func levelName(_ id: String) -> String {
    guard let level = plan.machine.chip.memory.first(where: { $0.id == id }) else { return id }
    // "LPDDR5-6400 x 512 bit" is the technology and its width: the first word says what it is.
    let technology = level.technology?.split(separator: " ").first.map(String.init)
    return technology ?? level.name
  }

  private func engineName(_ id: String) -> String {
    plan.machine.chip.engines.first { $0.id == id }.map { "\($0.name) (\(id))" } ?? id
  }

  // MARK: Where the time and the bytes go

  /// Sums over operations of one group.
  private struct GroupCost {
    let name: String
    var time = Seconds.zero
    var main = Bytes.zero
    var matrix = FLOPs.zero
    var timeByPlace: [String: Seconds] = [:]

    /// What limits most of the group's time.
    var limit: String {
      timeByPlace.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "-"
    }
  }

  private var whereItGoes: String {
    var groups: [GroupCost] = []
    for (place, (operation, cost)) in parts.enumerated() where operation.work.launches > 0 {
      let isHelper = place >= parts.count - helperParts
      let name = isHelper ? "other passes" : operation.id.group.rawValue
      let index = groups.firstIndex { $0.name == name } ?? groups.endIndex
      if index == groups.endIndex { groups.append(GroupCost(name: name)) }
      let place = plan.machine.bound(cost.limiter, of: row.cost).place
      groups[index].time += cost.expected * operation.repeats
      groups[index].main += cost.levelBytes[plan.machine.main] * operation.repeats
      groups[index].matrix += operation.work.matrix * operation.repeats
      groups[index].timeByPlace[place, default: .zero] += cost.longest * operation.repeats
      groups[index].timeByPlace[row.labels.runtime, default: .zero] +=
        cost.overhead * operation.repeats
    }
    let first = row.cost.expected / row.cost.stretched
    let waited = row.cost.waited / row.cost.stretched
    let fixed = first - waited - groups.reduce(.zero) { $0 + $1.time }
    let link = plan.machine.bound(.link, of: row.cost).place
    for (name, time, place) in [
      ("layer and step overhead", fixed, row.labels.runtime),
      (waited < .zero ? "hidden by right guesses" : "waiting for transfers", waited, link),
      ("further parts of the batch", row.cost.expected - first, row.labels.parallel),
    ] where abs(time.value) > row.cost.expected.value * 1e-9 {
      groups.append(GroupCost(name: name, time: time, timeByPlace: [place: time]))
    }
    var table = TextTable(
      ["group", "time", "share", "main memory", "matrix work", "limited by"],
      [.left, .right, .right, .right, .right, .left])
    for group in groups {
      for cell in [
        group.name, group.time.display, percent(group.time / row.cost.expected),
        group.main.display, group.matrix.display, group.limit,
      ] { table.append(cell) }
    }
    return "Where it goes, as expected\n" + indented(table) + "\n" + levels
  }

  /// Bytes and time at every memory level.
  private var levels: String {
    var table = TextTable(
      ["level", "bytes", "time at its peak", "capacity"], [.left, .right, .right, .right])
    for (position, level) in plan.machine.levels.enumerated() {
      let bytes = row.cost.levelBytes[position]
      guard bytes > .zero else { continue }
      let memory = plan.machine.chip.memory[level.index]
      let time = memory.peakBandwidth.map { (bytes / $0.value).display } ?? "-"
      for cell in [
        memory.id, bytes.display, time, memory.totalCapacity?.displayBinary ?? "unknown",
      ] { table.append(cell) }
    }
    return indented(table)
  }

  // MARK: What fits

  private var whatFits: String {
    let footprint = row.footprint
    var lines = ["What must be resident"]
    let kept = [
      ("KV cache", footprint.kvCache), ("recurrent state", footprint.state),
    ].filter { $0.1 > .zero }.map { "\($0.0) \(both($0.1))" }
    let resident =
      ["weights \(both(footprint.weights))"] + kept
      + ["workspace \(footprint.workspace.display)"]
    lines.append("  " + resident.joined(separator: ", "))
    guard let capacity = footprint.capacity else {
      lines.append(
        "  the profile does not say what main memory holds, so whether it fits is unknown")
      return lines.joined(separator: "\n")
    }
    let share = footprint.total / capacity
    lines.append(
      "  \(footprint.total.displayBinary) of \(capacity.displayBinary) (\(percent(share))): "
        + (footprint.keepsWeightsInFlash
          ? "fits with the weights left in flash"
          : footprint.fits == true ? "fits" : "does not fit"))
    if plan.model.model.kind.keepsCache, footprint.fits == true,
      let context = plan.largestContext(settings, footprint),
      let batch = plan.largestBatch(settings, footprint)
    {
      let most = context >= 1 << 24 ? "any context" : "\(grouped(context)) tokens"
      let contexts =
        plan.model.keepsTokens
        ? "largest context at batch \(row.batch): \(most) (the model's maximum is "
          + "\(grouped(plan.model.model.maxContext))); largest batch at this context: "
        : "the state does not grow with the context; largest batch: "
      lines.append("  \(contexts)\(grouped(batch))")
    }
    return lines.joined(separator: "\n")
  }

  private func both(_ bytes: Bytes) -> String { "\(bytes.display) (\(bytes.displayBinary))" }

  // MARK: What would change it

  private var whatWouldChange: String {
    var plan = plan
    var lines = ["What would change the verdict"]
    if let levers { lines.append(levers) }
    if plan.model.model.kind.keepsCache || row.phase == .prefill {
      lines.append("  batch: " + changed(plan.batchCrossover(settings), at: "batch"))
      lines.append("  context: " + changed(plan.contextCrossover(settings), at: "context"))
    }
    return lines.joined(separator: "\n")
  }

  /// What the bytes of main memory are, where they bind: what fewer bits could gain.
  private var levers: String? {
    guard case .memory = row.bound, row.mainBytes > .zero else { return nil }
    let cost = row.cost
    let shares = [
      ("weights", cost.weightBytes), ("cached keys and values", cost.cacheReadBytes),
      ("recurrent states", cost.stateBytes),
    ].filter { $0.1 > row.mainBytes * 0.005 }
    guard !shares.isEmpty else { return nil }
    let parts = shares.map { "\($0.0) \(percent(min(1, $0.1 / row.mainBytes)))" }
    let gain = 1 / (1 - min(1, cost.weightBytes / row.mainBytes) / 2)
    return
      "  bytes: \(parts.joined(separator: ", ")) of what main memory moves; weights of half the "
      + "bits would gain at most \(significant(gain))×"
  }

  private func changed(_ crossover: Crossover?, at what: String) -> String {
    guard let crossover else { return "no larger one changes it" }
    let kind = crossover.bound.kind == "memory" ? "bandwidth" : crossover.bound.kind
    return "from \(grouped(crossover.value)) on, \(kind) at \(crossover.bound.place) takes longest"
  }

  // MARK: Energy and doubts

  private var energy: String {
    let tokens = row.tokens
    let band = row.cost.energyBand
    let energies = plan.machine.energies
    let power = row.cost.energy / row.cost.expected
    let parts = EnergyBreakdown(parts, of: row.cost, on: plan.machine).parts
    let shares = parts.map { part in
      "\(part.place) \((part.energy / tokens).display) (\(percent(part.energy / row.cost.energy)))"
    }
    var lines = ["Energy"]
    lines.append(
      "  \((row.cost.energy / tokens).display) a token, between "
        + "\((band.lowerBound / tokens).display) and \((band.upperBound / tokens).display); "
        + "\(power.display) on average")
    lines.append("  " + shares.joined(separator: ", "))
    if let limit = SustainedPower(plan.machine.chip.power), plan.machine.mode == nil {
      lines.append("  " + limit.sentence(power / Double(plan.settings.devices)))
    }
    let still = energies.staticPower.map { "static power \($0.display)" }
    let estimated = "some energies are defaults by technology, not figures of this chip"
    lines.append(
      "  " + (still ?? "static power unknown, left out")
        + (energies.isEstimated ? "; \(estimated)" : ""))
    return lines.joined(separator: "\n")
  }

  private var doubts: String {
    var lines: [String] = []
    if !row.note.isEmpty { lines.append("Note: \(row.note)") }
    if unverified.isEmpty {
      lines.append("Every figure behind this answer was read in its source.")
    } else {
      let shown = unverified.prefix(8).joined(separator: ", ")
      let more = unverified.count > 8 ? " and \(unverified.count - 8) more" : ""
      lines.append("Unverified figures in the profiles used: \(shown)\(more)")
    }
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { "\(significant(100 * share, digits: 2)) %" }

  private func indented(_ table: consuming TextTable) -> String {
    var buffer = ByteBuffer()
    table.write(into: &buffer)
    return buffer.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }
}
