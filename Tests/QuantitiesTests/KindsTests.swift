import Foundation
import Quantities
import Testing

/// What holds of every kind of quantity.
@Suite struct KindsTests {
  /// The list that the other tests run over lacks no kind of `Kinds.swift`.
  @Test func everyKindOfTheSourcesIsTested() throws {
    let text = try String(
      contentsOf: Sources.quantities.appending(path: "Kinds.swift"), encoding: .utf8)
    let declared = text.matches(of: /public struct (\w+): Quantity/).map { String($0.output.1) }
    #expect(declared.sorted() == Kinds.all.map(\.testDescription).sorted())
  }

  @Test(arguments: Kinds.all)
  func descriptionParsesBackToTheSameValue(kind: Kind) throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<1500 {
      try roundTrip(kind.type, Self.finite(&random))
    }
    let edges: [Double] = [
      0, -0.0, 1, -1, 0.1, 1e21, 1e22, 123_456_789_012_345_680, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .ulpOfOne, 0x1p53,
    ]
    for edge in edges { try roundTrip(kind.type, edge) }
  }

  @Test(arguments: Kinds.all)
  func amountsOfOneKindAddScaleAndCompare(kind: Kind) {
    arithmetic(kind.type)
  }

  private func arithmetic<Amount: Quantity>(_: Amount.Type) {
    let (three, four) = (Amount(3), Amount(4))
    #expect(three + four == Amount(7))
    #expect(four - three == Amount(1))
    #expect(three * 2 == Amount(6))
    #expect(2 * three == Amount(6))
    #expect(three / 2 == Amount(1.5))
    #expect(three / four == 0.75)
    #expect(three < four)
    #expect(Amount.zero == Amount(0))
    var sum = three
    sum += four
    #expect(sum == Amount(7))
  }

  private func roundTrip<Amount: Quantity>(_: Amount.Type, _ value: Double) throws {
    let text = Amount(value).description
    let back = try Amount(parsing: text).value
    #expect(back == value && back.sign == value.sign, "\(text)")
  }

  /// Any finite bit pattern.
  private static func finite(_ random: inout SplitMix64) -> Double {
    while true {
      let value = Double(bitPattern: random.next())
      if value.isFinite { return value }
    }
  }
}

/// Where the sources are, seen from this file.
enum Sources {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let quantities = root.appending(path: "Sources/Quantities")
}
