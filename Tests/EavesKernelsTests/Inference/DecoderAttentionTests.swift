import Eaves
import EavesBlocks
import Testing

@testable import EavesKernels

/// Attention under every cache that is executed, against token by token reading in float64.
@Suite struct DecoderAttentionTests {
  static let caches = [
    "full", "rolling", "sinks:2+10", "h2o:6+6", "scissorhands:12", "tova:9", "snapkv:6+4:prompt=20",
    "kivi:2", "kivi:4",
  ]
  static let shape = Block.Attention(heads: 4, kvHeads: 2, headSize: 32)

  private static func rows(_ tokens: Int = 48) -> FloatRows {
    var generator = SplitMix64(seed: 11)
    let rows = FloatRows(tokens, (shape.heads + 2 * shape.kvHeads) * shape.headSize)
    for row in 0..<tokens {
      for column in 0..<rows.columns { rows[row][column] = 2 * generator.uniform() }
    }
    return rows
  }

  @Test(arguments: caches)
  func isThatOfReadingTokenByToken(name: String) throws {
    let choice = try #require(CachePolicyList.parse(name))
    let cache = try DecoderCache(format: nil, choice, prompt: 20)
    let rotary = RotaryPositions(width: 32, base: 10_000, turnsNeighbours: false)
    // Long enough for a group to leave the newest 128.
    let tokens = name.hasPrefix("kivi") ? 164 : 48
    let rows = Self.rows(tokens)
    let output = FloatRows(tokens, Self.shape.heads * 32)
    var kernel = DecoderAttention(Self.shape, tokens: tokens, cache, rotary, pattern: nil)
    try kernel.run(rows, into: output)
    let reading = TokenByToken(rows: rows, shape: Self.shape, cache: cache, rotary: rotary)
    let expected = reading.outputs()
    let found = (0..<rows.rows * output.columns).map { Double(output[0][$0]) }
    #expect(KernelCheck.relativeError(of: found, against: expected) < 1e-5)
  }

  @Test(arguments: ["window:16", "sinks:2+10", "dilated:8:gap=2"])
  func patternsAreThoseOfTheirRuns(name: String) throws {
    let pattern = try #require(PatternList.parse(name))
    let rotary = RotaryPositions(width: 32, base: 10_000, turnsNeighbours: true)
    let rows = Self.rows()
    let output = FloatRows(rows.rows, Self.shape.heads * 32)
    var kernel = DecoderAttention(
      Self.shape, tokens: rows.rows, DecoderCache(), rotary, pattern: pattern)
    try kernel.run(rows, into: output)
    var reading = TokenByToken(
      rows: rows, shape: Self.shape, cache: DecoderCache(), rotary: rotary)
    reading.visible = Visibility(pattern, .prefill(rows.rows)).keys
    let expected = reading.outputs()
    let found = (0..<rows.rows * output.columns).map { Double(output[0][$0]) }
    #expect(KernelCheck.relativeError(of: found, against: expected) < 1e-5)
  }

  /// Entries are rounded as a file of the format would hold them.
  @Test func entriesAreRounded() throws {
    let format = try NumberFormat(parsing: "q8_0")
    let cache = try DecoderCache(format: format, .rolling, prompt: 1)
    let (rows, plain) = (Self.rows(), Self.rows())
    try cache.store(rows, from: 128, width: 64)
    #expect(rows.values(3, 0..<128) == plain.values(3, 0..<128))
    let quantiser = try #require(QuantiserList.quantiser(of: format))
    for start in [128, 192] {
      #expect(
        rows.values(3, start..<start + 64)
          == quantiser.rounded(plain.values(3, start..<start + 64)))
    }
    let wide = try DecoderCache(format: try NumberFormat(parsing: "q4_k"), .rolling, prompt: 1)
    #expect(throws: KernelError.self) { try wide.store(rows, from: 128, width: 64) }
  }

  @Test(arguments: ["h2o:0.2", "pyramidkv:128"])
  func otherCachesAreRefused(name: String) throws {
    let choice = try #require(CachePolicyList.parse(name))
    let error = try #require(throws: KernelError.self) {
      try DecoderCache(format: nil, choice, prompt: 4)
    }
    #expect(error.description.contains("kivi:BITS"))
  }

  @Test func turnsDependOnDistanceAlone() {
    for neighbours in [true, false] {
      let rotary = RotaryPositions(width: 16, base: 10_000, turnsNeighbours: neighbours)
      let pair = FloatRows(2, 16)
      func product(_ first: Int, _ second: Int) -> Float {
        for column in 0..<16 {
          pair[0][column] = Float(column) / 7 - 1
          pair[1][column] = 0.3 * Float(column % 5) - 0.4
        }
        rotary.turn(pair[0], to: first)
        rotary.turn(pair[1], to: second)
        return (0..<16).reduce(0) { $0 + pair[0][$1] * pair[1][$1] }
      }
      #expect(abs(product(9, 4) - product(105, 100)) < 1e-4)
      #expect(abs(product(9, 4) - product(9, 5)) > 1e-3)
      let before = product(0, 0)
      rotary.turn(pair[0], to: 13)
      rotary.turn(pair[0], to: -13)
      let after = (0..<16).reduce(Float(0)) { $0 + pair[0][$1] * pair[1][$1] }
      #expect(abs(after - before) < 1e-5)
    }
  }
}

/// One query after the other over lists of what is there for it.
private struct TokenByToken {
  let rows: FloatRows
  let shape: Block.Attention
  let cache: DecoderCache
  let rotary: RotaryPositions
  var visible: [[Int]]?

  private var width: Int { shape.headSize }
  private var perGroup: Int { shape.heads / shape.kvHeads }

  func outputs() -> [Double] {
    var output = Array(repeating: 0.0, count: rows.rows * shape.heads * width)
    for group in 0..<shape.kvHeads {
      var definition: EvictionDefinition?
      if case .evicting(let policy) = cache.policy { definition = EvictionDefinition(policy) }
      for token in 0..<rows.rows {
        var weights: [[Double]] = []
        var keys = visible?[token] ?? Array(0...token)
        if case .sinks(let sinks, let window) = cache.policy {
          keys = keys.filter { $0 < sinks || $0 > token - window }
        }
        if definition != nil {
          definition?.take(token) { kept in
            keys = kept
            weights = (0..<perGroup).map { self.weights(group, $0, token, kept) }
            return kept.indices.map { key in
              weights.reduce(0) { $0 + $1[key] } / Double(perGroup)
            }
          }
        } else {
          weights = (0..<perGroup).map { self.weights(group, $0, token, keys) }
        }
        for head in 0..<perGroup {
          for column in 0..<width {
            let place = token * shape.heads * width + (group * perGroup + head) * width + column
            for (index, key) in keys.enumerated() {
              output[place] += weights[head][index] * value(group, token, key, column)
            }
          }
        }
      }
    }
    return output
  }

  private func weights(
    _ group: Int, _ head: Int, _ token: Int, _ keys: [Int]
  ) -> [Double] {
    let start = (group * perGroup + head) * width
    var query = rows.values(token, start..<start + width)
    let scores = keys.map { key -> Double in
      if case .sinks(let sinks, let window) = cache.policy, key < sinks, token >= sinks + window {
        // The query stands at the end of the cache.
        let turned = FloatRows(1, width)
        turned.set(rows.values(token, start..<start + width), 0, from: 0)
        rotary.turn(turned[0], to: sinks + window - 1 - token)
        query = turned.values(0, 0..<width)
      } else {
        query = rows.values(token, start..<start + width)
      }
      let sum = (0..<width).reduce(0.0) { $0 + Double(query[$1]) * self.key(group, token, key, $1) }
      return sum / Double(width).squareRoot()
    }
    let largest = scores.max() ?? 0
    let raised = scores.map { Definition.exp($0 - largest) }
    let sum = raised.reduce(0, +)
    return raised.map { $0 / sum }
  }

  private func key(_ group: Int, _ token: Int, _ key: Int, _ column: Int) -> Double {
    let place = shape.heads * width + group * width + column
    guard case .kivi(let bits) = cache.policy, key < packed(token) else {
      return Double(rows[key][place])
    }
    let first = key / 32 * 32
    let values = (first..<first + 32).map { rows[$0][place] }
    return Double(BlockEncoder.group(values, bits: bits).values[key - first])
  }

  private func value(_ group: Int, _ token: Int, _ key: Int, _ column: Int) -> Double {
    let first = (shape.heads + shape.kvHeads) * width + group * width
    guard case .kivi(let bits) = cache.policy, key < packed(token) else {
      return Double(rows[key][first + column])
    }
    let start = first + column / 32 * 32
    let values = rows.values(key, start..<start + 32)
    return Double(BlockEncoder.group(values, bits: bits).values[column % 32])
  }

  /// Whole groups of 32 that have left the newest 128.
  private func packed(_ token: Int) -> Int { token < 128 ? 0 : (token - 127) / 32 * 32 }
}
