/// A given number of elements in memory that nobody shares.
///
/// Writing an element of an `Array` first asks whether the storage is shared, which costs as much as
/// formatting a short number. Indices are checked as in an `Array`.
struct FixedArray<Element>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  /// Copies the elements of an array.
  init(_ elements: [Element]) {
    count = elements.count
    base = .allocate(capacity: max(count, 1))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(index: Int) -> Element {
    @inline(__always)
    _read {
      precondition(index >= 0 && index < count)
      yield base[index]
    }
    @inline(__always)
    _modify {
      precondition(index >= 0 && index < count)
      yield &base[index]
    }
  }
}

// The memory belongs to one value that cannot be copied.
extension FixedArray: @unchecked Sendable where Element: Sendable {}
