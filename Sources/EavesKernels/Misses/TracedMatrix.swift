/// A matrix of floats at an address of a traced cache, row after row.
struct TracedMatrix {
  private let cache: AssociativeCache
  private let address: Int
  private let stride: Int

  /// Places a matrix at the start of a page.
  init(_ cache: AssociativeCache, rows: Int, columns: Int) {
    self.init(cache, address: cache.place(bytes: 4 * rows * columns), stride: columns)
  }

  private init(_ cache: AssociativeCache, address: Int, stride: Int) {
    self.cache = cache
    self.address = address
    self.stride = stride
  }

  /// The part from an element on.
  func from(row: Int, column: Int = 0) -> TracedMatrix {
    TracedMatrix(cache, address: address + 4 * (row * stride + column), stride: stride)
  }

  /// The same memory with other rows.
  func with(columns: Int) -> TracedMatrix {
    TracedMatrix(cache, address: address, stride: columns)
  }

  /// Reads or writes a part of a row.
  func touch(row: Int, from column: Int = 0, count: Int) {
    cache.touch(
      address: address + 4 * (row * stride + column), bytes: 4 * count)
  }
}
