public import Eaves
import EavesBlocks

/// What a cache does to keys and values that a query finds in it.
public struct DecoderCache: Sendable {
  /// Which entries there are, and how old ones are stored.
  enum Policy: Sendable, Hashable {
    /// Every token.
    case all
    /// Every token, those that have left the newest in few bits.
    case kivi(bits: Int)
    /// The first and the newest, at positions within the cache.
    case sinks(Int, window: Int)
    /// What a policy keeps by attention weights, a choice for each group of heads.
    case evicting(EvictionPolicy)
  }

  /// What rounds an entry, which is a row of keys or of values over all groups; `nil` for float32.
  let quantiser: (any Quantiser)?
  let policy: Policy

  /// A cache of every token in float32.
  public init() {
    quantiser = nil
    policy = .all
  }

  /// A cache as a configuration names it.
  /// - Parameters:
  ///   - format: how entries are stored; `nil` for float32.
  ///   - choice: the policy.
  ///   - prompt: tokens that are taken for a prompt by policies that choose once it has been read.
  /// - Throws: `KernelError` for a format or a policy that is not executed here.
  public init(
    format: NumberFormat?, _ choice: CacheChoice, prompt: Int
  ) throws(KernelError) {
    if let format, format.name != "f32" {
      guard let found = QuantiserList.quantiser(of: format) else {
        throw .notEmitted("no entries are rounded to \(format.name) here")
      }
      quantiser = found
    } else {
      quantiser = nil
    }
    policy = try Self.policy(choice, prompt)
  }

  /// A new token takes the place of an entry before its query reads, so that no more are read than a budget has;
  /// policies here drop afterwards, and so keep one fewer.
  private static func policy(
    _ choice: CacheChoice, _ prompt: Int
  ) throws(KernelError) -> Policy {
    switch choice.ofOneLayer {
    case let kivi as KIVICache: return .kivi(bits: kivi.bits)
    case let sinks as SinksCache: return .sinks(sinks.sinks, window: sinks.window)
    case let h2o as H2OCache:
      guard case .entries(let heavy, let recent) = h2o.budget else { break }
      return .evicting(.heavyHitters(heavy: heavy, recent: max(0, recent - 1)))
    case let scissorhands as ScissorhandsCache:
      return .evicting(
        .scissorhands(
          budget: max(1, scissorhands.budget - 1), recent: scissorhands.budget / 4))
    case let tova as TOVACache: return .evicting(.tova(max(1, tova.budget - 1)))
    case let snap as SnapKVCache:
      return .evicting(
        .snapKV(chosen: snap.chosen, window: snap.window, prompt: snap.prompt ?? prompt))
    default: if choice.isLossless { return .all }
    }
    throw .notEmitted(
      "the cache \(choice.name) is not executed here; write kivi:BITS, sinks:SINKS+WINDOW, "
        + "h2o:HEAVY+RECENT, scissorhands:BUDGET, tova:BUDGET or snapkv:CHOSEN+WINDOW")
  }

  /// Requires that entries of a width can be stored so.
  /// - Parameter width: values of a row of keys, over all groups.
  /// - Throws: `KernelError` where they fill no whole blocks.
  public func require(width: Int) throws(KernelError) {
    var block = quantiser?.blockElements ?? 1
    var name = quantiser?.format.name ?? ""
    if case .kivi = policy, !width.isMultiple(of: KIVICache.group) {
      (block, name) = (KIVICache.group, "kivi")
    }
    guard width.isMultiple(of: block) else {
      throw .operandMismatch(
        "entries of \(width) values are no whole blocks of \(block), as \(name) has them")
    }
  }

  /// Rounds keys and values in place: [tokens, keys | values], `width` columns each from `first` on.
  func store(_ rows: FloatRows, from first: Int, width: Int) throws(KernelError) {
    try require(width: width)
    guard let quantiser else { return }
    for row in 0..<rows.rows {
      for start in [first, first + width] {
        rows.set(quantiser.rounded(rows.values(row, start..<start + width)), row, from: start)
      }
    }
  }
}

/// Keys and values as KIVI packs them: keys in groups along the tokens of a channel, values along channels.
struct PackedEntries {
  /// [tokens, keys | values]; tokens behind the last whole group stand as they are.
  let rows: FloatRows
  private static let group = KIVICache.group

  /// Packs columns `first..<first + 2·width`.
  init(_ source: FloatRows, from first: Int, width: Int, bits: Int) throws(KernelError) {
    guard width.isMultiple(of: Self.group) else {
      throw .operandMismatch("entries of \(width) values are no whole groups of \(Self.group)")
    }
    rows = FloatRows(source.rows, 2 * width)
    for row in 0..<source.rows {
      rows.set(source.values(row, first..<first + 2 * width), row, from: 0)
      for column in stride(from: width, to: 2 * width, by: Self.group) {
        let values = rows.values(row, column..<column + Self.group)
        rows.set(BlockEncoder.group(values, bits: bits).values, row, from: column)
      }
    }
    for start in stride(from: 0, to: source.rows - Self.group + 1, by: Self.group) {
      for column in 0..<width {
        let values = (start..<start + Self.group).map { rows[$0][column] }
        for (place, value) in BlockEncoder.group(values, bits: bits).values.enumerated() {
          rows[start + place][column] = value
        }
      }
    }
  }

  /// Tokens that are packed when the query of a position reads: whole groups that have left the newest.
  static func count(at position: Int) -> Int {
    max(0, position + 1 - KIVICache.residual) / group * group
  }
}
