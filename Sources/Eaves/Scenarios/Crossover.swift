import Quantities

/// Where along one count the verdict becomes another.
public struct Crossover: Sendable {
  /// The first value with another bound.
  public var value: Int
  /// What limits there.
  public var bound: Bound
}

extension Plan {
  /// The smallest batch above the current one at which something else limits the step.
  public mutating func batchCrossover(_ settings: StepSettings, upTo limit: Int = 4096)
    -> Crossover?
  {
    crossover(from: settings.batch, upTo: limit) { settings.with(batch: $0) }
  }

  /// The smallest context above the current one at which something else limits the step.
  public mutating func contextCrossover(
    _ settings: StepSettings, upTo limit: Int = 1 << 20
  ) -> Crossover? {
    crossover(from: settings.context, upTo: limit) { settings.with(context: $0) }
  }

  /// Doubles a count until the bound changes, then halves the interval.
  ///
  /// Capacity does not count: where a
  /// model stops fitting is reported apart.
  private mutating func crossover(
    from start: Int, upTo limit: Int, _ at: (Int) -> StepSettings
  ) -> Crossover? {
    let current = limiter(at(start))
    var low = start
    var high = start
    repeat {
      if high >= limit { return nil }
      low = high
      high = min(limit, 2 * high)
    } while limiter(at(high)) == current
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if limiter(at(middle)) == current { low = middle } else { high = middle }
    }
    return Crossover(value: high, bound: limiter(at(high)))
  }

  private mutating func limiter(_ settings: StepSettings) -> Bound {
    let cost = evaluate(round(settings))
    return machine.bound(cost.limiter, of: cost)
  }

  /// The largest context that fits beside the weights, up to 16M tokens; `nil` where the capacity is unknown.
  public func largestContext(_ settings: StepSettings, _ footprint: Footprint) -> Int? {
    footprint.largestContext(upTo: 1 << 24) {
      self.footprint(settings.with(context: $0), workspace: footprint.workspace).kvCache
    }
  }

  /// The largest batch whose caches fit at this context; `nil` where the capacity is unknown.
  public func largestBatch(_ settings: StepSettings, _ footprint: Footprint) -> Int? {
    guard let capacity = footprint.capacity else { return nil }
    let weights = footprint.keepsWeightsInFlash ? Bytes.zero : footprint.weights
    let perSequence = workspace(ofShare: settings.with(batch: 1))
    return Footprint.largest(upTo: 1 << 20) { batch in
      let settings = settings.with(batch: batch)
      let own = self.footprint(settings, workspace: perSequence * Double(share(settings).batch))
      return weights + own.kvCache + own.state + own.workspace <= capacity
    }
  }

  /// The step of one device.
  private func share(_ settings: StepSettings) -> Step {
    let step = step(settings)
    return spreading?.share(step) ?? step
  }

  /// The largest activations of one operation on one device.
  private func workspace(ofShare settings: StepSettings) -> Bytes {
    var buffer = OperationBuffer()
    model.emit(share(settings), into: &buffer)
    return buffer.largestActivations
  }
}

extension StepSettings {
  /// The same step with another batch.
  public func with(batch: Int) -> StepSettings {
    var settings = self
    settings.batch = batch
    return settings
  }

  /// The same step with another context.
  public func with(context: Int) -> StepSettings {
    var settings = self
    settings.context = context
    return settings
  }
}
