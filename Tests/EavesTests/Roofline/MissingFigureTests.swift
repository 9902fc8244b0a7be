import Eaves
import EavesCatalog
import Quantities
import Testing

/// An answer that needs a figure the profile lacks ends with the field and the chip named.
@Suite struct MissingFigureTests {
  private static func message(_ work: () throws -> Void) -> String? {
    do {
      try work()
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static let remedy =
    "; add the figure with its source to a profile of your own and give its path"

  @Test func aChipWithoutTheNeededRateNamesIt() throws {
    let chip = TestChip.make(precisions: [.i8])
    var integersOnly = chip
    integersOnly.engines.removeAll { $0.kind == .vector }
    let message = Self.message { _ = try TestChip.evaluator(TestChip.model(), on: integersOnly) }
    #expect(
      message == "test-chip lacks engines[].rates[] for f16 or a format that carries it, which the "
        + "operation \"query, key, value\" needs; the engines in use multiply i8: try --activations int8 "
        + "--kv int8 --weights int8")
    // With lanes that multiply in 32 bits the same model runs.
    #expect(Self.message { _ = try TestChip.evaluator(TestChip.model(), on: chip) } == nil)
  }

  @Test func aChipWithoutBandwidthNamesTheLevel() {
    let message = Self.message {
      _ = try TestChip.evaluator(TestChip.model(), on: TestChip.make(main: nil))
    }
    #expect(
      message
        == "test-chip lacks memory[0].bandwidth (memory), which every prediction of time needs"
        + Self.remedy)
  }

  @Test func aChipWithoutMemoryNamesTheKinds() {
    var chip = TestChip.make()
    chip.memory.removeAll()
    let message = Self.message { _ = try TestChip.evaluator(TestChip.model(), on: chip) }
    #expect(
      message == "test-chip lacks memory[] of kind dram, hbm or sram, which every answer needs"
        + Self.remedy)
  }

  /// Every shipped chip either answers or names what it lacks.
  @Test(arguments: Shipped.chips)
  func aShippedChipAnswersOrNamesAField(chip: String) throws {
    let message = Self.message {
      var plan = try Shipped.plan("qwen2.5-0.5b", on: chip, under: "ideal")
      #expect(plan.evaluate(.decode(context: 1)).lower > .zero)
    }
    if let message {
      #expect(message.hasPrefix("\(chip) lacks "), "\(message)")
      // A chip with other rates says which; one without any wants the figure.
      let namesRates = message.contains("; the engines in use multiply ")
      #expect(message.hasSuffix(Self.remedy) != namesRates, "\(message)")
    }
  }

  /// A chip that lacks element-wise rates answers, and the note says what is not costed.
  @Test func whatIsNotCostedStandsInTheNote() throws {
    var chip = TestChip.make(hasSpecial: false)
    chip.engines.removeAll { $0.kind == .vector }
    var plan = try Plan(
      TestChip.model(), on: chip, under: Shipped.runtime("ideal"), Settings())
    #expect(
      plan.row(StepSettings()).note
        == "no vector rate: element-wise work not costed; "
        + "no special-function rate: exp not costed")
  }
}
