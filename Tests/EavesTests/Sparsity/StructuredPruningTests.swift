import Quantities
import Testing

@testable import Eaves

/// Shapes that shrink, against heads, columns and layers taken away one by one and against published students.
@Suite struct StructuredPruningTests {
  private static func pruned(_ model: String, _ sparsity: String) throws -> CompiledModel {
    var settings = Settings()
    try settings.set(.sparsity, to: sparsity)
    return CompiledModel(try Shipped.model(model), settings)
  }

  /// Heads go one after the other, group by group; a group is there while it has a head.
  @Test(
    arguments: [(32, 8), (32, 32), (12, 12), (64, 8), (71, 1), (28, 4)], [0.1, 0.25, 0.5, 0.8])
  func groupsStayWhileTheyHaveAHead(counts: (heads: Int, groups: Int), share: Double) {
    let size = counts.heads / counts.groups
    let gone = Int((share * Double(counts.heads)).rounded())
    var left = Array(repeating: size, count: counts.groups)
    for head in 0..<gone { left[head / size] -= 1 }
    let kept = HeadPruning(share: share, isSpread: false)
      .kept(heads: counts.heads, groups: counts.groups)
    #expect(kept.heads == left.reduce(0, +) && kept.heads == counts.heads - gone)
    #expect(kept.groups == left.filter { $0 > 0 }.count)
    // One head of each group in turn.
    var spread = Array(repeating: size, count: counts.groups)
    for head in 0..<gone { spread[head % counts.groups] -= 1 }
    let even = HeadPruning(share: share, isSpread: true)
      .kept(heads: counts.heads, groups: counts.groups)
    #expect(even.heads == kept.heads && even.groups == spread.filter { $0 > 0 }.count)
  }

  /// The cache follows the groups, the weights the heads.
  @Test(arguments: [
    ("heads:0.5", 16, 4), ("heads:0.25", 24, 6), ("heads:0.1", 29, 8), ("heads:0.5:spread", 16, 8),
  ])
  func weightsFollowHeadsAndTheCacheWholeGroups(text: String, heads: Int, groups: Int) throws {
    let (dense, pruned) = (
      try Self.pruned("llama-3.1-8b", "dense"), try Self.pruned("llama-3.1-8b", text)
    )
    let (d, width) = (4096, 128)
    let removed = 32 * 2 * (32 - heads) * d * width + 32 * 2 * (8 - groups) * d * width
    #expect(
      dense.inventory.weightBytes.value - pruned.inventory.weightBytes.value
        == Double(2 * removed))
    let cache = pruned.kvCacheBytes(tokens: 1000, batch: 3)
    #expect(cache.value == Double(3 * 1000 * 32 * 2 * groups * width * 2))
  }

  /// A latent is that of all heads.
  @Test func aLatentCacheStays() throws {
    let dense = try Self.pruned("deepseek-v2-lite", "dense")
    let pruned = try Self.pruned("deepseek-v2-lite", "heads:0.5")
    #expect(pruned.inventory.weightBytes < dense.inventory.weightBytes)
    #expect(
      pruned.kvCacheBytes(tokens: 512, batch: 1) == dense.kvCacheBytes(tokens: 512, batch: 1))
  }

  /// 3·d·F weights a layer go with the columns.
  @Test(arguments: [("neurons:0.5", 7168), ("neurons:0.3", 10_035)])
  func columnsGoWithTheirWeights(text: String, width: Int) throws {
    let dense = try Self.pruned("llama-3.1-8b", "dense")
    let pruned = try Self.pruned("llama-3.1-8b", text)
    let removed = 32 * 3 * 4096 * (14_336 - width)
    #expect(dense.inventory.parameters - pruned.inventory.parameters == Double(removed))
  }

  @Test(arguments: [(32, 0.5), (32, 0.875), (12, 0.25), (7, 0.4), (2, 0.5)])
  func layersGoEvenly(count: Int, share: Double) {
    let kept = LayerPruning(share: share).kept(of: count)
    #expect(kept.count == count - Int((share * Double(count)).rounded()))
    let ends = [-1] + kept
    let gaps = zip(ends, ends.dropFirst()).map { $1 - $0 }
    #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1 && kept.last == count - 1)
  }

  /// Whisper large-v3-turbo is large-v3 with 4 of the 32 decoder layers.
  @Test func whisperTurboIsWhisperWithFewerLayers() throws {
    let turbo = try Self.pruned("whisper-large-v3-turbo", "dense")
    let pruned = try Self.pruned("whisper-large-v3", "layers:0.875")
    #expect(pruned.inventory.parameters == turbo.inventory.parameters)
  }

  /// DistilBERT is BERT with every other layer, without pooler and segments.
  @Test func distilBERTIsHalfOfBERT() throws {
    let student = try Self.pruned("distilbert", "dense").inventory.parameters
    let pruned = try Self.pruned("bert-base", "layers:0.5").inventory.parameters
    let (pooler, segments) = (768 * 768 + 768, 2 * 768)
    #expect(pruned - student == Double(pooler + segments))
  }

  @Test(arguments: [
    ("mamba-130m", "heads:0.5", "no attention heads"),
    ("mamba-130m", "neurons:0.5", "no feed-forward"),
    ("mamba-130m", "activations:0.9", "no feed-forward"),
    ("gpt2-small", "heads:0.01", "is none"), ("gpt2-small", "layers:0.99", "leaves none"),
    ("yoco-3b", "layers:0.5", "keys of others"), ("yoco-3b", "heads:0.5", "one cache"),
    ("mobilevit-s", "layers:0.5", "channels"),
    ("llama-3.1-8b", "2:4+unstructured:0.5:csr", "stored in one way"),
  ])
  func whatCannotGoIsRefused(model: String, sparsity: String, part: String) throws {
    do {
      _ = try Shipped.plan(
        model, on: "nvidia-a100-sxm-80", under: "ideal", [.sparsity: sparsity])
      Issue.record("\(model) with \(sparsity) was costed")
    } catch PlanError.refused(let error) {
      #expect(error.option == .sparsity && error.problem.contains(part) && !error.remedy.isEmpty)
    }
  }
}
