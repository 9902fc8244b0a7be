import Testing

@testable import Eaves

/// Fronts against the definition, over points with many equal numbers.
@Suite struct ParetoFrontTests {
  @Test(arguments: 1...5, [1, 7, 60, 400]) func theFrontIsWhatNoOtherBeats(
    width: Int, count: Int
  ) {
    var generator = SplitMix64(seed: UInt64(width * 1000 + count))
    let points = (0..<count).map { _ in
      (0..<width).map { _ in Double(Int.random(in: 0..<6, using: &generator)) }
    }
    let best = points.indices.filter { index in
      !points.contains { other in
        other != points[index] && zip(other, points[index]).allSatisfy { $0 <= $1 }
      }
    }
    var front = ParetoFront(width: width)
    for (index, point) in points.enumerated() { front.insert(point, name: index) }
    #expect(front.names.sorted() == best)
    for index in 0..<front.count {
      #expect(Array(front.point(index)) == points[front.names[index]])
    }
    // In parts, and merged: the same.
    var halves = (ParetoFront(width: width), ParetoFront(width: width))
    for (index, point) in points.enumerated() {
      if index.isMultiple(of: 2) {
        halves.0.insert(point, name: index)
      } else {
        halves.1.insert(point, name: index)
      }
    }
    halves.0.merge(halves.1)
    #expect(halves.0.names.sorted() == best)
  }

  @Test func anEmptyFrontHasNothing() {
    let front = ParetoFront(width: 2)
    #expect(front.count == 0 && front.names.isEmpty)
  }
}
