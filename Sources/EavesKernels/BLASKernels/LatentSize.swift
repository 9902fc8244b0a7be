import Eaves

/// Sizes of multi-head latent attention (DeepSeek-V2, section 2.1): those of a head are DeepSeek's unless given.
struct LatentSize: Sendable {
  let tokens: Int
  let keys: Int
  let heads: Int
  var rank = 512
  var rotary = 64
  var plain = 128
  var value = 128

  var label: String { "S\(tokens) n\(keys) H\(heads) c\(rank)+\(rotary)" }
  /// Width of an entry of the cache, and of a query and a key of a head.
  var entry: Int { rank + rotary }
  var width: Int { plain + rotary }

  func operations(_ form: String, _ ids: [Operation.ID]) throws(KernelError) -> [Operation] {
    let found = try TinyModel(
      hidden: 16, mixer: "latent_attention",
      [
        "heads": heads, "kv_rank": rank, "rope_dim": rotary, "nope_dim": plain,
        "value_dim": value,
      ], words: ["form": form]
    ).operations(
      Step(newTokens: tokens, cachedTokens: keys - tokens, logitTokens: 1, batch: 1)
    ).filter { ids.contains($0.id) }
    guard found.map(\.id) == ids else { throw .notEmitted("\(found.map(\.id.name))") }
    return found
  }

  /// Attention over keys and values that are written out of the latents of `entries` [n, c + r] by `up`
  /// [H, d_n + d_v, c]; a query is its plain part [T, H, d_n] and its rotary part, given by `query`.
  func define(
    entries: UnsafePointer<Float>, up: UnsafePointer<Float>,
    query: (_ token: Int, _ head: Int, _ column: Int) -> Double
  ) -> [Double] {
    let made = (0..<keys).map { key in
      (0..<heads * (plain + value)).map {
        Definition.dot(entries + key * entry, up + $0 * rank, rank)
      }
    }
    return Definition.attention(
      queries: tokens, heads: heads, valueWidth: value, scale: 1 / Double(width).squareRoot(),
      visible: { (0, keys - tokens + $0 + 1) },
      score: { token, key, head in
        (0..<width).reduce(0) { sum, column in
          let factor =
            column < plain
            ? made[key][head * (plain + value) + column]
            : Double(entries[key * entry + rank + column - plain])
          return sum + query(token, head, column) * factor
        }
      },
      value: { made[$0][$1 * (plain + value) + plain + $2] })
  }
}
