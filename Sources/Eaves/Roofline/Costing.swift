import Quantities

extension Cost {
  /// Costs an operation where it lies and adds it, times its layers.
  ///
  /// What is linear in work or bytes (energy, times at peak of the lanes) follows from the sums, in `finish`.
  mutating func add(
    _ entry: inout OperationBuffer.Entry, on machine: Machine, _ placement: borrowing Placement
  ) {
    var terms = OperationCost.Terms()
    addArithmetic(&entry.operation, machine, &terms)
    addTraffic(&entry, machine, placement, &terms)
    addFixedTimes(&entry.operation, machine, &terms)
    if let use = entry.operation.link { addLink(use, entry.operation.repeats, machine, &terms) }
    if let model = machine.kernelModel { replace(&terms, of: entry.operation, model, placement) }

    let repeats = entry.operation.repeats
    matrix += repeats * entry.operation.work.matrix
    vector += repeats * entry.operation.work.vector
    special += repeats * entry.operation.work.special
    bytes.add(entry.operation.bytes, repeats: repeats)
    limited[terms.longest.limiter.slot] += repeats * terms.longest.time
    limited[Limiter.overhead.slot] += repeats * terms.overhead
    expected += repeats * (terms.longest.time + terms.overhead)
    upper += repeats * (terms.sum + terms.overhead)
    entry.cost.terms = terms
  }

  /// What a kernel takes that was measured in pieces, instead of the longest of the terms of a roofline.
  @inline(never)
  private func replace(
    _ terms: inout OperationCost.Terms, of operation: Operation, _ model: KernelModel,
    _ placement: borrowing Placement
  ) {
    guard operation.link == nil,
      let time = model.time(
        operation, KernelChoice(), far: placement.persistentBytes,
        near: placement.activationBytes)
    else { return }
    let isMatrix = operation.work.matrix > .zero
    let limiter =
      time.isMemoryBound ? Limiter.level(placement.home) : isMatrix ? .matrix : .vector
    terms.replace(time.expected, limiter, sum: time.upper)
  }

  /// Engines run beside each other; what shares the lanes adds up.
  @inline(__always)
  private mutating func addArithmetic(
    _ operation: inout Operation, _ machine: Machine, _ terms: inout OperationCost.Terms
  ) {
    let repeats = operation.repeats
    var products = Seconds.zero
    if operation.work.matrix > .zero {
      let rate = machine.matrix[operation.work.precision.index]
      let executed = operation.work.executedMatrix
      let time = executed * (operation.isAttention ? rate.attention : rate.achieved)
      enginePeak[rate.engine] += repeats * (operation.work.matrix * rate.peak)
      dynamicEnergy += repeats * (executed * rate.energy)
      if rate.isVector { products = time } else { terms.add(time, .matrix) }
    }
    var elementwise = operation.work.vector * machine.vector.achieved
    let functions = operation.work.special * machine.special.achieved
    if machine.special.engine != machine.vector.engine {
      terms.add(functions, .special)
    } else {
      elementwise += functions
    }
    var expanding = Seconds.zero
    if operation.hasExpansions {
      let expansions = operation.expansions(machine)
      expanded += repeats * expansions
      expanding = expansions * machine.vector.achieved
    }
    var limiter = products > elementwise ? Limiter.matrix : .vector
    if expanding > max(products, elementwise) { limiter = .dequantisation }
    terms.add(products + elementwise + expanding, limiter)
  }

  /// A link runs beside the operation that uses it; an exchange is all there is of its operation.
  ///
  /// What is prefetched runs beside the whole step.
  @inline(never)
  private mutating func addLink(
    _ use: LinkUse, _ repeats: Double, _ machine: Machine, _ terms: inout OperationCost.Terms
  ) {
    guard let port = machine.ports[use.peer] else { return }
    linkBytes += repeats * use.bytes
    linkPeak[Int(use.peer.rawValue)] += repeats * port.least(use)
    if use.isPrefetched {
      prefetchPeer = use.peer
      prefetch += repeats * port.seconds(use)
    } else {
      linkPeer = use.peer
      terms.add(port.seconds(use), .link)
      if use.guessed > 0 {
        guessing += repeats * port.seconds(use)
        guessed = use.guessed
      }
    }
  }

  @inline(__always)
  private func addFixedTimes(
    _ operation: inout Operation, _ machine: Machine, _ terms: inout OperationCost.Terms
  ) {
    terms.overhead = machine.kernels[Int(operation.id.rawValue)].launch * operation.work.launches
    if machine.fixed.attentionHead > .zero, operation.id == .attention,
      case .attention(let shape) = operation.kind, shape.queries == 1
    {
      terms.add(machine.fixed.attentionHead * (shape.batch * shape.heads), .overhead)
    }
  }

  /// Bytes and time at every level.
  ///
  /// Weights and cache come from where they live; activations from the nearest shared level that holds
  /// them. On the way into a level of limited capacity, products are cut into tiles and operands travel
  /// again for each tile (docs/method.md 2): an operand that fits travels once.
  @inline(__always)
  private mutating func addTraffic(
    _ entry: inout OperationBuffer.Entry, _ machine: Machine, _ placement: borrowing Placement,
    _ terms: inout OperationCost.Terms
  ) {
    let repeats = entry.operation.repeats
    let isFused = machine.kernels[Int(entry.operation.id.rawValue)].isFused
    let activations = isFused ? Bytes.zero : entry.operation.bytes.activations
    let persistent = entry.operation.bytes[.weights] + entry.operation.bytes.cached
    let written = entry.operation.bytes.written
    let rereads = entry.operation.rereadBytes
    self.rereads += repeats * rereads
    let isAttention = entry.operation.id == .attention
    let isTiled = entry.operation.isTiled(machine)
    let levels = machine.costed
    for index in levels.indices {
      let position = levels[index].position
      var bytes = written
      // Farther levels do not see what stays in a nearer one.
      if activations > levels[index].keptNearer { bytes += activations }
      if position <= placement.home {
        // Weights that were read before come from the level that keeps them.
        bytes += position > placement.rereadHome ? persistent - rereads : persistent
      }
      if entry.operation.gatherBytes > 0, position <= placement.home {
        bytes += entry.operation.gatherWaste(levels[index].granularity)
      }
      if isTiled, position > 0 {
        bytes = bytes * entry.operation.reloads(into: machine.levels[position - 1])
      }
      let pace = isAttention ? levels[index].attention : levels[index].achieved
      terms.add(bytes * pace, .level(position))
      levelBytes[position] += repeats * bytes
      entry.cost.levelBytes[position] = bytes
    }
    if placement.weightsInFlash, entry.operation.bytes[.weights] > .zero {
      let bytes = entry.operation.bytes[.weights]
      terms.add(bytes * machine.levels[machine.main + 1].achieved, .level(machine.main + 1))
      levelBytes[machine.main + 1] += repeats * bytes
      entry.cost.levelBytes[machine.main + 1] = bytes
    }
  }
}

extension Operation {
  /// Bytes that come along where pieces of the cache are smaller than what a level reads at once.
  @inline(never)
  func gatherWaste(_ granularity: Double) -> Bytes {
    guard gatherBytes < granularity else { return .zero }
    return bytes[.cacheRead] * (granularity / gatherBytes - 1)
  }

  /// Lane operations that expand stored elements.
  ///
  /// A stored weight is expanded once for each tile of rows that it meets, a cache entry once.
  mutating func expansions(_ machine: Machine) -> FLOPs {
    var (weights, cache) = storedExpansions(machine)
    if case .matmul(let m, _, _, _) = kind, m > machine.fixed.expansionRows {
      weights *= m / machine.fixed.expansionRows
    }
    return FLOPs(weights + cache)
  }

  /// Lane operations that expand everything stored once.
  func storedExpansions(_ machine: Machine) -> (weights: Double, cache: Double) {
    var (weights, cache) = (0.0, 0.0)
    for slot in 0..<operandCount {
      let each = machine.expansion[Int(operands[slot].expansion.rawValue)]
      switch operands[slot].role {
      case .weights: weights += operands[slot].elements * each
      case .cacheRead: cache += operands[slot].elements * each
      default: break
      }
    }
    return (weights, cache)
  }
}
