import Eaves
import EavesCatalog
import Quantities
import Testing

/// A chip with round figures, so that costs can be worked out by hand.
///
/// 100 TFLOP/s in 16 bits on a matrix engine, 10 TFLOP/s on lanes, 1 TOP/s of special functions, and one
/// memory of 80 GB at 1 TB/s; a cache in front of it where asked for.
enum TestChip {
  static func make(
    cache: Bytes? = nil, precisions: [MultiplyPrecision] = [.f16], hasSpecial: Bool = true,
    main: BytesPerSecond? = BytesPerSecond(1e12)
  ) -> Chip {
    var engines = [
      Engine(
        id: "matrix", unit: .gpu, kind: .matrix, name: "Matrix engine",
        rates: precisions.map { rate($0, 100e12) }),
      Engine(
        id: "lanes", unit: .gpu, kind: .vector, name: "Lanes",
        rates: [Engine.Rate(input: .f32, accumulate: .f32, peak: measure(FLOPsPerSecond(10e12)))]),
    ]
    if hasSpecial {
      engines.append(
        Engine(
          id: "special", unit: .gpu, kind: .special, name: "Special functions",
          rates: [
            Engine.Rate(
              input: .f32, accumulate: .f32, operation: "exp", peak: measure(FLOPsPerSecond(1e12)))
          ]))
    }
    var memory: [MemoryLevel] = []
    if let cache {
      memory.append(
        MemoryLevel(
          id: "cache", kind: .cache, name: "Cache", capacity: measure(cache),
          bandwidth: measure(BytesPerSecond(10e12))))
    }
    memory.append(
      MemoryLevel(
        id: "memory", kind: .dram, name: "Main memory", capacity: measure(Bytes(80e9)),
        bandwidth: main.map(measure)))
    var chip = Chip(
      id: "test-chip", name: "Test chip", chipClass: "gpu", family: "test", engines: engines,
      memory: memory)
    chip.power.tdp = measure(Watts(100))
    return chip
  }

  static func rate(_ precision: MultiplyPrecision, _ peak: Double) -> Engine.Rate {
    Engine.Rate(
      input: precision, accumulate: precision.usualAccumulator,
      peak: measure(FLOPsPerSecond(peak)))
  }

  static func measure<Amount: Quantity>(_ value: Amount) -> Measure<Amount> {
    Measure(value, basis: .estimated, source: "test", isVerified: false)
  }

  /// A one-layer decoder of width 64: 2 heads of 32, a gated feed-forward part of 128, 1000 tokens.
  static func model(
    kvHeads: Int = 2, window: Int? = nil, experts: Int = 0, expertsPerToken: Int = 0,
    layers: Int = 1
  ) -> Model {
    let block = Block(
      attention: Block.Attention(heads: 2, kvHeads: kvHeads, headSize: 32, window: window),
      feedForward: Block.FeedForward(
        size: 128, isGated: true, activation: .silu, experts: experts,
        expertsPerToken: expertsPerToken))
    return Model(
      id: "test-model", name: "Test model", family: "test", kind: .decoder, hiddenSize: 64,
      vocabulary: 1000, hasTiedEmbeddings: false, maxContext: 1 << 20, publishedFormat: .f16,
      norm: .rmsnorm, position: .rotary, blocks: ["layer": block],
      layers: Array(repeating: "layer", count: layers))
  }

  /// The evaluator of a model in 16 bits under the ideal runtime.
  static func evaluator(
    _ model: Model, on chip: Chip = make(), schedule: Schedule = .flash2, mode: Power.Mode? = nil
  ) throws -> Evaluator {
    let choices = ModelChoices(
      weights: try WeightScheme(parsing: "f16"), kv: .f16, activations: .f16, schedule: schedule)
    let machine = try Machine(chip, Shipped.runtime("ideal"), mode: mode)
    return try Evaluator(machine, CompiledModel(model, choices))
  }
}
