import Quantities
import Testing

@testable import EavesReport

@Suite struct ColumnTests {
  private func name<Amount: Quantity>(_ kind: Amount.Type, _ stem: String = "x") -> String {
    Column<Amount>.quantity(stem, { (amount: borrowing Amount) in Amount(amount.value) }).name
  }

  @Test func suffixesFollowFromTheKind() {
    #expect(name(Seconds.self, "latency") == "latency_s")
    #expect(name(Bytes.self) == "x_bytes")
    #expect(name(FLOPs.self) == "x_flop")
    #expect(name(BytesPerSecond.self) == "x_bytes_per_s")
    #expect(name(FLOPsPerSecond.self) == "x_flop_per_s")
    #expect(name(Hertz.self) == "x_hz")
    #expect(name(TransfersPerSecond.self) == "x_transfers_per_s")
    #expect(name(Joules.self) == "x_j")
    #expect(name(Watts.self) == "x_w")
    #expect(name(JoulesPerByte.self) == "x_j_per_byte")
    #expect(name(JoulesPerFLOP.self) == "x_j_per_flop")
    #expect(name(Intensity.self, "ridge") == "ridge_flop_per_byte")
    #expect(name(Ratio.self, "mfu") == "mfu_ratio")
    #expect(name(Celsius.self) == "x_degc")
    #expect(name(KelvinPerWatt.self) == "x_k_per_w")
  }

  @Test func emptyStemIsTheSuffixAlone() {
    #expect(name(TokensPerSecond.self, "") == "tokens_per_s")
  }

  @Test func unitAndSideFollowFromTheKind() {
    let column = Column<Sample>.quantity("latency", \.latency)
    #expect(column.unit == "s")
    #expect(column.alignment == .right)
    #expect(Column<Sample>.text("chip", \.chip).alignment == .left)
  }

  @Test func cellsAreInTheBaseUnit() {
    let cells = Sample.columns.map { $0.value(Sample()) }
    #expect(
      cells == [
        .text("orin-nano"), .integer(1), .number(0.0885), .number(1_073_741_824), .boolean(true),
        .missing,
      ])
  }

  @Test func cellsForPeople() {
    let column = Column<Sample>.quantity("latency", \.latency)
    #expect(column.text(of: .number(0.0885)) == "88.5 ms")
    #expect(column.text(of: .number(.infinity)) == "-")
    #expect(column.text(of: .integer(8192)) == "8,192")
    #expect(column.text(of: .boolean(false)) == "no")
    #expect(column.text(of: .missing) == "-")
    #expect(column.text(of: .text("a\u{1B}[31m\n")) == "a [31m ")
  }
}
