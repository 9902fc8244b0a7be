import Eaves
import EavesCatalog
import Quantities
import Testing

/// The counts of every shipped model against the figures in its file, which no cost reads.
@Suite struct ModelCountsTests {
  @Test(arguments: Shipped.models)
  func parametersEqualTheCheckExactly(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    // Only templates, whose shapes are not all known, have no count to hold.
    guard let check = compiled.model.checks.parameters else {
      return #expect(!compiled.model.isVerified)
    }
    #expect(compiled.inventory.parameters == Double(check))
  }

  /// Within half a percent, or to the digits that were published ("52e9").
  private static func agree(_ counted: Double, _ published: Double) -> Bool {
    var unit = 1.0
    while (published / (10 * unit)).rounded() * 10 * unit == published { unit *= 10 }
    return abs(counted - published) <= max(0.005 * published, unit / 2)
  }

  @Test(arguments: Shipped.models)
  func parametersAgreeWithThePublishedCount(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    guard let published = compiled.model.checks.publishedParameters else {
      // A template, or a paper that counts more than there is: each file says so.
      #expect(!compiled.model.notes.isEmpty)
      return
    }
    #expect(Self.agree(compiled.inventory.parameters, published))
  }

  @Test(arguments: Shipped.models)
  func activeParametersEqualTheCheckInAllThreeConventions(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let inventory = compiled.inventory
    guard let check = compiled.model.checks.active else {
      // A dense model has no check: every parameter is active.
      #expect(compiled.model.blocks.values.allSatisfy { ($0.feedForward?.experts ?? 0) == 0 })
      // Of projections along the length, one token uses its column.
      let mixesAlongLength = compiled.model.blocks.values.contains { block in
        block.mixers.contains { $0.shape is Linformer }
      }
      #expect(
        mixesAlongLength
          ? inventory.active < inventory.parameters : inventory.active == inventory.parameters)
      return
    }
    #expect(inventory.active == Double(check.withEmbeddings))
    #expect(inventory.activeWithoutInputEmbedding == Double(check.withoutInputEmbedding))
    #expect(inventory.activeWithoutEmbeddings == Double(check.withoutEmbeddings))
  }

  /// Each file names the convention that its publisher counts in.
  @Test(arguments: Shipped.models)
  func activeParametersAgreeWithThePublishedCount(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let checks = compiled.model.checks
    guard checks.active != nil else { return #expect(checks.publishedActiveParameters == nil) }
    guard let published = checks.publishedActiveParameters else { return }
    let counted =
      switch try #require(checks.publishedActiveConvention) {
      case "with_embeddings": compiled.inventory.active
      case "without_input_embedding": compiled.inventory.activeWithoutInputEmbedding
      case "without_embeddings": compiled.inventory.activeWithoutEmbeddings
      default: Double.nan
      }
    #expect(Self.agree(counted, published))
  }

  /// Past every window the cache grows by a fixed amount a token, and the window layers' part is constant.
  @Test(arguments: Shipped.models)
  func cacheBytesEqualTheCheckExactly(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let past = 1 << 20
    let at = compiled.kvCacheBytes(tokens: past, batch: 1).value
    let growth = compiled.kvCacheBytes(tokens: past + 1, batch: 1).value - at
    #expect(growth == Double(try #require(compiled.model.checks.kvBytesPerToken)))
    #expect(
      at - growth * Double(past) == Double(try #require(compiled.model.checks.kvWindowBytes)))
  }

  /// States of one sequence in the formats of the sources: f32, tails of convolutions in 16 bits.
  @Test(arguments: Shipped.models)
  func stateBytesEqualTheCheckExactly(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let state = compiled.stateBytes(batch: 1).value
    guard let check = compiled.model.checks.stateBytes else { return #expect(state == 0) }
    #expect(state == Double(check))
    // Every step reads and writes it, wherever it is taken.
    for step in [Step.prefill(300), .decode(context: 7), .decode(context: 70_000)] {
      #expect(compiled.operations(step).bytes([.state]) == state)
    }
    #expect(compiled.stateBytes(batch: 5).value == 5 * state)
    #expect(compiled.operations(.decode(context: 9, batch: 5)).bytes([.state]) == 5 * state)
  }

  /// What a decode step reads and writes of the cache is what the cache holds, wherever the step is taken.
  @Test(arguments: Shipped.models)
  func aStepMovesTheCacheThatItKeeps(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    guard compiled.model.kind.keepsCache else {
      #expect(compiled.operations(.encode(64)).bytes([.cacheRead, .cacheWrite]) == 0)
      return
    }
    guard compiled.model.kind == .decoder else { return }
    let context = 512  // past the window of gpt-oss, within all others
    let decode = compiled.operations(.decode(context: context, batch: 3))
    let entry = compiled.kvCacheBytes(tokens: 1, batch: 3).value
    #expect(decode.bytes([.cacheWrite]) == entry)
    let held = compiled.kvCacheBytes(tokens: context + 1, batch: 3).value
    if compiled.model.blocks.values.contains(where: { $0.attention?.sharesCache == true }) {
      // What several layers read is there once.
      return #expect(decode.bytes([.cacheRead]) + entry > held)
    }
    #expect(decode.bytes([.cacheRead]) + entry == held)
    let prefill = compiled.operations(.prefill(context, batch: 3))
    #expect(prefill.bytes([.cacheWrite]) == entry * Double(context))
    #expect(prefill.bytes([.cacheRead]) == 0)
  }

  /// The weights of a long prefill are the resident ones: every expert is touched, every table but the
  /// input embedding is read whole; what layers share counts once.
  @Test(arguments: Shipped.models)
  func aLongPassReadsEveryResidentWeightOnce(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    // As many tokens as an encoder has positions for: tables and projections of a fixed length are whole.
    var step: Step =
      compiled.model.kind == .encoder ? .encode(compiled.model.maxContext) : .prefill(65_536)
    if compiled.model.kind == .encoderDecoder { step.sourceTokens = 65_536 }
    let operations = compiled.operations(step)
    let body = operations.filter { !$0.isGather }
    let tables = operations.filter(\.isGather).reduce(0.0) { sum, operation in
      sum
        + operation.usedOperands.filter { $0.role == .weights }.reduce(0) {
          $0 + $1.residentElements
        }
    }
    let resident = 2 * (compiled.inventory.parameters - tables)
    // What layers share, and what a recurrence reads for each token, is read again but resident once.
    let read =
      body.bytes([.weights]) - body.reduce(0) { $0 + $1.repeats * $1.rereadBytes.value }
    // E·(1 − (1 − k/E)^T) is E to within rounding.
    #expect(abs(read / resident - 1) < 1e-12)
  }
}
