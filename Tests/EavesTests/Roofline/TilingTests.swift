import Quantities
import Testing

@testable import Eaves

/// How often operands travel into a level, against the tiles themselves.
@Suite struct TilingTests {
  /// A level whose instances hold three tiles of a side, and of which some bytes persist.
  private static func level(tile: Int, persistent: Double = 0) -> Machine.Level {
    let instance = Bytes(Double(6 * tile * tile))
    return Machine.Level(
      index: 0, bandwidth: nil, peak: .zero, achieved: .zero, attention: .zero,
      instanceBytes: instance, tile: (instance.value / 6).squareRoot(), totalBytes: instance,
      persistentBytes: Bytes(persistent), granularity: 0, energy: .zero)
  }

  /// Elements that travel where each tile of the result reads its rows and its columns anew.
  private static func travelled(rows: Int, columns: Int, depth: Int, tile: Int) -> Int {
    var elements = 0
    for row in stride(from: 0, to: rows, by: tile) {
      for column in stride(from: 0, to: columns, by: tile) {
        let (height, width) = (min(tile, rows - row), min(tile, columns - column))
        elements += height * depth + depth * width + height * width
      }
    }
    return elements
  }

  @Test(arguments: [(64, 64, 100), (128, 32, 7), (96, 320, 64), (4096, 16, 48)])
  func aProductOfWholeTilesTravelsAsItsTilesDo(rows: Int, columns: Int, depth: Int) {
    let tiling = Tiling(columns: columns, depth: depth, into: Self.level(tile: 16))
    let once = rows * depth + depth * columns + rows * columns
    let expected =
      Double(Self.travelled(rows: rows, columns: columns, depth: depth, tile: 16)) / Double(once)
    #expect(abs(tiling.reloads(rows: Double(rows)) - expected) <= 1e-12 * expected)
  }

  @Test func columnsThatFillNoTileTravelOnceWithTheRows() {
    let tiling = Tiling(columns: 8, depth: 10, into: Self.level(tile: 16))
    // Rows are read once, columns for each of two tiles of rows.
    let (travelled, once) = (32 * 10 + 2 * 8 * 10 + 32 * 8, 32 * 10 + 8 * 10 + 32 * 8)
    #expect(tiling.reloads(rows: 32) == Double(travelled) / Double(once))
  }

  @Test func whatFitsTravelsOnce() {
    let small = Tiling(columns: 640, depth: 100, into: Self.level(tile: 16))
    #expect(small.reloads(rows: 16) == 1)
    #expect(small.reloads(rows: 17) > 1)
    #expect(Tiling(columns: 640, depth: 100, into: nil).reloads(rows: 1e6) == 1)
    #expect(Tiling(columns: 640, depth: 100, into: Self.level(tile: 0)).reloads(rows: 1e6) == 1)
  }

  /// Twice the smaller operand, in 16 bits: 4·100 bytes a row, or a column.
  @Test func whereTheSmallerOperandFitsTwiceItTravelsOnce() {
    let rows = Tiling(columns: 640, depth: 100, into: Self.level(tile: 16, persistent: 20_000))
    #expect(rows.reloads(rows: 50) == 1)
    #expect(rows.reloads(rows: 51) > 1)
    let columns = Tiling(columns: 50, depth: 100, into: Self.level(tile: 16, persistent: 20_000))
    #expect(columns.reloads(rows: 1e6) == 1)
  }
}
