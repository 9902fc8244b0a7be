public import Quantities

/// The time of a training step of a plain transformer on one machine, in 16 bits, by two programs.
///
/// Products are 6 FLOPs a parameter and token; attention is that of `AttentionTraining`, all pairs; between them lie
/// passes over matrices of T × d and T × F, and over the logits. Neither the optimiser nor what devices exchange is in it.
/// Source: Kaplan et al. 2020, section 2.1 (6 FLOPs); the passes are counted operation by operation, of the eager program
/// as Hugging Face's GPT-2 has them, from memory (docs/method.md 7).
public struct TransformerTraining: Sendable, Hashable {
  /// How a program is written.
  public enum Program: String, Sendable, CaseIterable {
    /// Every operation is a kernel of its own; scores go through memory.
    case eager
    /// Attention is one kernel each way; norms, dropout and residuals are joined, and so is the nonlinearity.
    case fused
  }

  /// Parameters that products multiply with: all but an input embedding of its own.
  public let parameters: Double
  public let layers: Double
  public let hidden: Double
  public let inner: Double
  public let heads: Double
  public let headSize: Double
  public let vocabulary: Double
  /// Whether GELU is formed of its parts, whether a second matrix gates it, and whether products add biases.
  public let isGELU: Bool
  public let isGated: Bool
  public let hasBias: Bool
  /// Tokens of a sequence, and sequences of a step.
  public let tokens: Double
  public let batch: Double

  /// Keys of a block where attention is one kernel.
  public static let block = 128.0

  /// The training of a model; `nil` where it is no transformer of equal layers with full attention and a dense part.
  /// - Parameters:
  ///   - model: its shapes.
  ///   - tokens: of a sequence.
  ///   - batch: sequences of a step.
  public init?(_ model: Model, tokens: Int, batch: Int) {
    guard model.blocks.count == 1, let block = model.blocks.values.first, block.mixers.isEmpty,
      block.weightSets == nil, let attention = block.attention, attention.window == nil,
      attention.pattern == nil, let feedForward = block.feedForward, feedForward.experts == 0,
      model.classifier == nil, model.kind == .decoder || model.kind == .encoder
    else { return nil }
    let inventory = CompiledModel(model, Settings()).inventory
    parameters = inventory.active - inventory.inputEmbedding
    layers = Double(model.layers.count)
    hidden = Double(model.hiddenSize)
    inner = Double(feedForward.size)
    heads = Double(attention.heads)
    headSize = Double(attention.headSize)
    vocabulary = model.kind.hasHead ? Double(model.vocabulary) : 0
    isGELU = feedForward.activation == .gelu
    isGated = feedForward.isGated
    hasBias = feedForward.hasBias
    self.tokens = Double(tokens)
    self.batch = Double(batch)
  }

  /// Elements of T × d and of T × F matrices that a layer moves outside products and attention, forward and backward.
  public func passes(_ program: Program) -> (hidden: Double, inner: Double) {
    // Gradients of biases: what leaves each product is read once more, d at query, key, value and both outputs.
    let bias: (hidden: Double, inner: Double) = hasBias ? (5, 1) : (0, 0)
    switch program {
    case .eager:
      // Two norms (2 + 3), two dropouts with masks of bytes (2.5 + 2.5), two residuals (3 + 3), heads put side by
      // side (2 + 2).
      let hidden = 2 * (5 + 5 + 6) + 4.0
      // GELU by its tanh: eight kernels forward (18) and what undoes them (28); else one each way.
      let activation = isGELU ? 46.0 : 5
      return (hidden + bias.hidden, activation + (isGated ? 9 : 0) + bias.inner)
    case .fused:
      // Dropout, residual and norm in one kernel: 4.5 + 5.5, twice.
      return (20 + bias.hidden, 5 + (isGated ? 3 : 0) + bias.inner)
    }
  }

  /// Bytes of a logit and what follows from it: softmax in 32 bits with copies of its own, or a kernel each way.
  private func logitBytes(_ program: Program) -> Double { program == .eager ? 36 : 6 }

  /// What a step needs at least: weights and gradients in 16 bits, and the activations that are kept; a fused program
  /// keeps no scores.
  public func bytes(_ program: Program) -> Bytes {
    let layer = ActivationCheckpointing(
      tokens: tokens, batch: batch, hidden: hidden, heads: heads)
    let kept = layer.bytes(program == .eager ? .none : .selective, tensorParallel: 1)
    return Bytes(4 * parameters + layers * kept)
  }

  /// The expected time of a step: forward and backward.
  /// - Returns: `nil` where the step does not fit, or no engine of the chip forms 16-bit products.
  public func seconds(_ program: Program, on machine: Machine) -> Seconds? {
    let rate = machine.matrix[MultiplyPrecision.f16.index]
    let attention = AttentionTraining(
      AttentionTraffic(tokens: tokens, headSize: headSize), heads: batch * heads)
    let scores =
      program == .eager
      ? attention.eager(on: machine) : attention.inBlocks(of: Self.block, on: machine)
    guard rate.engine >= 0, let scores else { return nil }
    if let capacity = machine.mainLevel.usableCapacity, bytes(program) > capacity { return nil }
    let rows = tokens * batch
    let products = FLOPs(6 * parameters * rows) * rate.achieved
    let passes = passes(program)
    let elements = rows * (passes.hidden * hidden + passes.inner * inner)
    let bytes = Bytes(layers * 2 * elements + rows * vocabulary * logitBytes(program))
    let overhead = layers * 3 * machine.profile.layerOverhead.value
    return products + layers * scores + bytes * machine.levels[machine.main].achieved + overhead
  }
}
