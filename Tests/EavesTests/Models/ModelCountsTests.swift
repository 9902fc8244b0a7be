import Eaves
import EavesCatalog
import Quantities
import Testing

/// The counts of every shipped model against the figures in its file, which no cost reads.
@Suite struct ModelCountsTests {
  @Test(arguments: Shipped.models)
  func parametersEqualTheCheckExactly(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    guard let check = compiled.model.checks.parameters else {
      // Shapes that were derived from a published size have no exact count.
      return #expect(!compiled.model.isVerified)
    }
    #expect(compiled.inventory.parameters == Double(check))
  }

  @Test(arguments: Shipped.models)
  func parametersAgreeWithThePublishedCount(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    guard let published = compiled.model.checks.publishedParameters else {
      // Whisper's paper counts more than its tensors have, others with parts that are left out here, or
      // without embeddings; each file says so.
      #expect(compiled.model.notes.contains { $0.hasPrefix("published as ") })
      return
    }
    #expect(abs(compiled.inventory.parameters / published - 1) <= 0.005)
  }

  @Test(arguments: Shipped.models)
  func activeParametersEqualTheCheckInAllThreeConventions(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    let inventory = compiled.inventory
    guard let check = compiled.model.checks.active else {
      // A dense model has no check: every parameter is active.
      #expect(compiled.model.blocks.values.allSatisfy { $0.feedForward?.experts ?? 0 == 0 })
      #expect(inventory.active == inventory.parameters)
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
    let published = try #require(checks.publishedActiveParameters)
    let counted =
      switch try #require(checks.publishedActiveConvention) {
      case "with_embeddings": compiled.inventory.active
      case "without_input_embedding": compiled.inventory.activeWithoutInputEmbedding
      case "without_embeddings": compiled.inventory.activeWithoutEmbeddings
      default: Double.nan
      }
    #expect(abs(counted / published - 1) <= 0.005)
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
  /// input embedding is read whole.
  @Test(arguments: Shipped.models)
  func aLongPassReadsEveryResidentWeightOnce(name: String) throws {
    let compiled = try Shipped.sixteenBit(name)
    var step: Step = compiled.model.kind == .encoder ? .encode(65_536) : .prefill(65_536)
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
    let read = body.bytes([.weights])
    // E·(1 − (1 − k/E)^T) is E to within rounding.
    #expect(abs(read / resident - 1) < 1e-12)
  }
}
