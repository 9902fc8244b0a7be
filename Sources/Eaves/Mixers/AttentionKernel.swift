/// Scores, softmax and weighted sum over whatever keys and values there are, in one of the schedules.
struct AttentionKernel: Hashable {
  let shape: Block.Attention
  let columns: KeyValueColumns
  let schedule: Schedule
  let bias: CompactFormat
  let activations: CompactFormat
  let storage: CacheStorage
  let precision: MultiplyPrecision

  /// The kernel of a layer.
  /// - Parameters:
  ///   - shape: heads and their widths, as the products have them.
  ///   - columns: what is read for a key; that of a cache of keys and values where not given.
  ///   - layer: schedule, storage and precision.
  ///   - formats: those of the layer's weights.
  init(
    _ shape: Block.Attention, columns: KeyValueColumns? = nil, layer: CacheLayer,
    formats: LayerFormats
  ) {
    self.shape = shape
    self.columns = columns ?? KeyValueColumns(shape)
    schedule = layer.schedule
    bias = formats.compact(.bias)
    activations = layer.activations
    storage = layer.storage
    precision = layer.precision
  }

  /// Appends the operations of a step.
  /// - Parameters:
  ///   - step: its queries; what earlier tokens a cache has dropped are not among the cached ones.
  ///   - counts: which keys they read, by the pattern; tiles are those of the kernel's schedule.
  ///   - keys: where the keys come from.
  ///   - buffer: receives one operation, or three where scores are written.
  // Inlined, as the kernel would be copied for the call.
  @inline(__always)
  func emit(
    _ step: Step, _ counts: PatternCounts, keys: KeyRows, into buffer: inout OperationBuffer
  ) {
    var keys = keys
    // Global queries read keys and values of their own.
    if shape.hasGlobalProjections, counts.globalTokens > 0 { keys.new *= 2 }
    let size = AttentionSize(step, shape, counts, schedule, length: keys.length)
    switch schedule {
    case .materialised: emitMaterialised(step, size, keys, into: &buffer)
    case .flash1, .flash2, .splitKV: emitFused(step, size, keys, into: &buffer)
    }
    if let run = counts.gatherRun {
      let piece = Double(run * shape.headSize) * storage.old.bytesPerElement
      buffer.updateLast { $0.gather(piece) }
    }
    if schedule == .splitKV { emitMerge(size, into: &buffer) }
  }

  /// Partial results of the parts of a split cache: d_v sums, a maximum and a sum of 4 bytes each, scaled by one exp
  /// a part and added up.
  @inline(never)
  private func emitMerge(_ size: AttentionSize, into buffer: inout OperationBuffer) {
    let parts = schedule.parts(queries: size.kernel.queries, keys: size.kernel.keys)
    guard parts > 1 else { return }
    let partial = size.kernel.batch * size.kernel.heads * parts
    let columns = shape.valueHeadSize + 2
    let f32 = CompactFormat(.f32)
    buffer.append(
      .softmax, .reduction(rows: partial, columns: columns),
      work: Work(vector: 2 * partial * Double(shape.valueHeadSize), special: partial)
    ) { operation in
      operation.add(
        Operand(.activationWrite, rows: 1, columns: columns, format: f32, touched: partial))
      operation.add(
        Operand(.activationRead, rows: 1, columns: columns, format: f32, touched: partial))
    }
  }

  /// One kernel: scores, softmax and weighted sum without writing them.
  @inline(__always)
  private func emitFused(
    _ step: Step, _ size: AttentionSize, _ keys: KeyRows, into buffer: inout OperationBuffer
  ) {
    buffer.append(.attention, .attention(size.kernel), work: size.fusedWork(precision: precision)) {
      operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      add(columns.both, step, keys, to: &operation)
      addBiases(to: &operation)
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// Three kernels; scores [b·H·S, n + S] go through memory.
  private func emitMaterialised(
    _ step: Step, _ size: AttentionSize, _ keys: KeyRows, into buffer: inout OperationBuffer
  ) {
    let rows = step.rows * shape.heads
    let scores = Operand(.activationRead, rows: rows, columns: size.length, format: activations)
    let written = Operand(.activationWrite, rows: rows, columns: size.length, format: activations)

    buffer.append(
      .scores, size.product(columns: size.length, depth: shape.headSize),
      work: size.productWork(width: shape.headSize, precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      add(columns.keys, step, keys, to: &operation)
      operation.add(written)
    }

    buffer.append(
      .softmax, .reduction(rows: Double(rows), columns: size.length),
      work: Work(vector: size.softmaxLanes, special: size.headPairs + Double(rows))
    ) { operation in
      operation.add(scores)
      addBiases(to: &operation)
      operation.add(written)
    }

    buffer.append(
      .weightedSum, size.product(columns: shape.valueHeadSize, depth: size.length),
      work: size.productWork(width: shape.valueHeadSize, precision: precision)
    ) { operation in
      operation.add(scores)
      add(columns.values, step, keys, to: &operation)
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// A scalar a head in the denominator, and those by distance.
  private func addBiases(to operation: inout Operation) {
    let rows = shape.positionBuckets + (shape.hasSinks ? 1 : 0)
    guard rows > 0 else { return }
    operation.add(Operand(.weights, rows: rows, columns: shape.heads, format: bias))
  }

  /// What is read of keys and values: of earlier tokens from the cache, of new ones from the activations.
  private func add(
    _ columns: KeyValueColumns.Part, _ step: Step, _ keys: KeyRows, to operation: inout Operation
  ) {
    if columns.entry > 0 {
      storage.addReads(
        of: keys.cached, remote: keys.remote, columns: columns.entry, batch: step.batch,
        to: &operation)
      if keys.new > 0 {
        operation.add(
          Operand(
            .activationRead, rows: step.batch * keys.new, columns: columns.entry,
            format: storage.recent))
      }
    }
    if columns.expanded > 0 {
      operation.add(
        Operand(
          .activationRead, rows: step.batch * (keys.cached + keys.new), columns: columns.expanded,
          format: activations))
    }
  }
}

/// The keys of a step, for one sequence.
struct KeyRows {
  /// Those that are read from a cache.
  var cached: Int
  /// Of these, those that lie behind a link.
  var remote = 0
  /// Those that the same step has made.
  var new: Int
  /// Those there are: the length of a written score row.
  var length: Int
}

extension KeyRows {
  /// The keys of the step's own tokens and of those before them.
  init(_ step: Step, cached: Int) {
    self.init(
      cached: cached, new: step.newTokens, length: step.cachedTokens + step.newTokens)
  }
}

/// Elements that the products read for one key, over all heads.
struct KeyValueColumns: Hashable {
  /// What one product reads.
  struct Part: Hashable {
    /// From the cache, or, for new tokens, from what is written there.
    var entry: Int
    /// From what the same step has made of the cache, for cached and new tokens alike.
    var expanded = 0
  }

  var keys: Part
  var values: Part
  /// What a kernel that forms both products reads: an element once.
  var both: Part

  init(keys: Part, values: Part, both: Part) {
    self.keys = keys
    self.values = values
    self.both = both
  }

  /// Keys and values lie beside each other: G·d_q and G·d_v.
  init(_ shape: Block.Attention) {
    self.init(
      keys: Part(entry: shape.kvHeads * shape.headSize),
      values: Part(entry: shape.kvHeads * shape.valueHeadSize),
      both: Part(entry: shape.entryWidth))
  }
}
