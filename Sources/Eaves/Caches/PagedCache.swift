public import Quantities

/// Keeps every token in pages of a fixed number of tokens, found by a table (PagedAttention, Kwon et al., 2023).
public struct PagedCache: CachePolicy {
  /// Tokens of a page.
  public let page: Int
  private let reach: Int

  /// Tokens of a page where none are given.
  public static let usualPage = 16
  /// Bytes of an entry of the page table.
  static let tableEntryBytes = 4.0

  public var name: String { "paged:\(page)" }

  /// Pages of `page` tokens in a layer whose pattern reads at most `reach`; a window is a ring of whole pages.
  public init(page: Int = usualPage, reach: Int = .max) {
    self.page = page
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, reach) }

  private func pages(_ tokens: Int) -> Int { (retained(tokens) + page - 1) / page }

  /// At most a page less one token more than is kept.
  public func allocated(_ tokens: Int) -> Double { Double(pages(tokens)) * Double(page) }

  public func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes {
    Bytes(Self.tableEntryBytes * Double(pages(tokens)))
  }

  public let hasUpkeep = true

  /// The table is read in the kernel that reads the pages.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let rows = step.batch * pages(step.cachedTokens + step.newTokens)
    buffer.append(
      .cacheUpkeep, .gather(rows: Double(rows), columns: 1), work: Work(launches: 0)
    ) { operation in
      operation.add(Operand(.cacheRead, rows: rows, columns: 1, format: CompactFormat(.f32)))
    }
  }
}

extension CacheEntry {
  static let paged = CacheEntry(
    "paged[:TOKENS]", example: "paged:16",
    summary: "Keeps every token in pages, 16 tokens each unless said otherwise.",
    equation: "allocated = ⌈(n + S)/p⌉·p, and 4 B a page for the table",
    conditions: [
      "Attention reads pages through the table: the original kernel took 20 to 26 % longer, which "
        + "is not counted."
    ],
    source: "Kwon et al., PagedAttention, 2023, sections 4 and 7.1"
  ) { option in
    if option.positional.isEmpty { return CacheChoice { PagedCache(reach: $0) } }
    return option.count().map { page in CacheChoice { PagedCache(page: page, reach: $0) } }
  }
}
