import Quantities
import Testing

@testable import Eaves

/// Bytes of caches, enumerated over layers and entries.
@Suite struct CacheBytesTests {
  /// Llama-3.2-1B: 16 layers, 8 KV heads of 64, 32 query heads; keys and values in 16 bits.
  private static let model = "llama-3.2-1b"
  private static let layers = 16
  private static let elements = 2 * 8 * 64
  private static let heads = 32

  @Test(arguments: CachePolicyList.examples)
  func bytesAreThoseOfEveryEntry(text: String) throws {
    let choice = try CacheChoice.parsed(text)
    let model = try Shipped.sixteenBit(Self.model, cache: choice)
    for tokens in [0, 1, 100, 1023, 1024, 3000] {
      var bytes = 0.0
      for layer in 0..<Self.layers {
        let policy = choice.causal(layer: layer, layers: Self.layers)
        let entries = Int(policy.allocated(tokens).rounded(.up)) - policy.remote(tokens)
        for age in 0..<entries {
          let bits = text == "kivi:2" && age >= 128 ? 3.0 : 16.0
          // The last entry may be a share of one.
          let share = min(1, policy.allocated(tokens) - Double(age))
          bytes += share * Double(Self.elements) * bits / 8
        }
        switch text.prefix(while: { $0 != ":" }) {
        case "h2o", "scissorhands": bytes += 4 * Double(Self.heads * policy.retained(tokens))
        case "paged": bytes += 4 * (policy.allocated(tokens) / 16)
        default: break
        }
      }
      #expect(abs(model.kvCacheBytes(tokens: tokens, batch: 1).value - bytes) < 1e-3, "\(tokens)")
      #expect(abs(model.kvCacheBytes(tokens: tokens, batch: 3).value - 3 * bytes) < 1e-2)
    }
  }

  /// B + 32/g bits an element beyond the residual.
  @Test(arguments: [(2, 3.0), (4, 5.0)])
  func packedElementsHaveTheirScales(bits: Int, stored: Double) throws {
    let storage = KIVICache(bits: bits).storage(.bf16)
    #expect(storage.old.bytesPerElement == stored / 8)
    #expect(storage.recent.bytesPerElement == 2)
    #expect(storage.old.expansion == .int4)
    #expect(storage.recent.expansion == NumberFormat.Expansion.none)
  }

  /// A prompt is there as a whole until it has been read, whatever is dropped afterwards.
  @Test(arguments: CachePolicyList.examples)
  func droppingEntriesDoesNotLowerThePeak(text: String) throws {
    let choice = try CacheChoice.parsed(text)
    let full = try Shipped.sixteenBit(Self.model, cache: .full)
    let model = try Shipped.sixteenBit(Self.model, cache: choice)
    let prompt = 20_000
    let whole = full.kvCacheBytes(tokens: prompt, batch: 2)
    let peak = model.peakCacheBytes(tokens: prompt, batch: 2)
    #expect(peak >= model.kvCacheBytes(tokens: prompt, batch: 2))
    let keepsAll = choice.causal().retained(prompt) == prompt
    if !keepsAll {
      #expect(peak >= whole)
      #expect(model.kvCacheBytes(tokens: prompt, batch: 2) < 0.2 * whole)
    }
  }

  @Test func aPrefillRowHoldsTheWholePrompt() throws {
    var plan = try Shipped.plan(
      "llama-3.1-8b", on: "apple-m2-max-38", under: "llama.cpp", [.cache: "sinks:4+1020"])
    var step = StepSettings()
    step.context = 32_768
    #expect(plan.row(step).footprint.kvCache.value == 1024 * 131_072)
    step.phase = .prefill
    #expect(plan.row(step).footprint.kvCache.value == 32_768 * 131_072)
  }
}
