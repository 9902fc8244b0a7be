/// The points that no other is at least as good as in everything and better in something.
///
/// Smaller is better in every number. Points that are equal in all are kept together.
public struct ParetoFront: Sendable {
  /// Numbers of a point.
  public let width: Int
  /// The numbers of all points, one after the other, and their names.
  private var numbers: [Double] = []
  public private(set) var names: [Int] = []
  /// A point that was better than the last that was turned away: it often is better than the next.
  private var last = 0

  /// An empty front of points of so many numbers.
  public init(width: Int) { self.width = width }

  /// How many points there are.
  public var count: Int { names.count }

  /// The numbers of a point.
  public func point(_ index: Int) -> ArraySlice<Double> {
    numbers[index * width..<(index + 1) * width]
  }

  /// Adds a point unless another is better, and drops those that it is better than.
  /// - Parameters:
  ///   - point: `width` numbers, none of them NaN.
  ///   - name: what it is.
  /// - Returns: whether it was added.
  @discardableResult
  public mutating func insert(_ point: [Double], name: Int) -> Bool {
    if last < count, isBetter(last, than: point) { return false }
    for index in 0..<count where isBetter(index, than: point) {
      last = index
      return false
    }
    var kept = 0
    for index in 0..<count where !isWorse(index, than: point) {
      if kept != index {
        names[kept] = names[index]
        for place in 0..<width { numbers[kept * width + place] = numbers[index * width + place] }
      }
      kept += 1
    }
    names.removeSubrange(kept...)
    numbers.removeSubrange((kept * width)...)
    last = 0
    names.append(name)
    numbers.append(contentsOf: point)
    return true
  }

  /// Adds all points of another front.
  public mutating func merge(_ other: ParetoFront) {
    for index in 0..<other.count { insert(Array(other.point(index)), name: other.names[index]) }
  }

  private func isBetter(_ index: Int, than point: [Double]) -> Bool {
    let start = index * width
    var isEqual = true
    for place in 0..<width {
      if numbers[start + place] > point[place] { return false }
      if numbers[start + place] < point[place] { isEqual = false }
    }
    return !isEqual
  }

  private func isWorse(_ index: Int, than point: [Double]) -> Bool {
    let start = index * width
    var isEqual = true
    for place in 0..<width {
      if numbers[start + place] < point[place] { return false }
      if numbers[start + place] > point[place] { isEqual = false }
    }
    return !isEqual
  }
}
