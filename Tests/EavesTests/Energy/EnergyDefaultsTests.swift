import Quantities
import Testing

@testable import Eaves

/// Energies where a profile has none.
@Suite struct EnergyDefaultsTests {
  private static func picojoules(_ kind: MemoryLevel.Kind, _ technology: String) -> Double {
    let level = MemoryLevel(id: "level", kind: kind, name: "Level", technology: technology)
    return EnergyDefaults.pathEnergy(of: level).value * 1e12 / 8
  }

  /// CACTI 7 for 22 nm, read energy in pJ/B (docs/method.md 7); the rule is the root of the size.
  @Test(arguments: [
    (8.0, 0.19), (32, 0.44), (64, 0.59), (256, 1.24), (512, 1.67), (1024, 2.30), (2048, 3.15),
    (4096, 4.61),
  ])
  func memoryOnTheChipGrowsWithTheRootOfItsSize(kibibytes: Double, picojoules: Double) {
    for kind in [MemoryLevel.Kind.sram, .cache] {
      let level = MemoryLevel(
        id: "level", kind: kind, name: "Level",
        capacity: TestChip.measure(Bytes(kibibytes * 1024)))
      let energy = EnergyDefaults.pathEnergy(of: level).value * 1e12
      #expect(abs(energy / picojoules - 1) < 0.15)
    }
  }

  /// The table ends at 4 MiB: 44 GB of a wafer are banks, not one array of 44 GB.
  @Test func largeMemoriesOnTheChipAreManyBanks() {
    func energy(_ capacity: Bytes) -> JoulesPerByte {
      EnergyDefaults.pathEnergy(
        of: MemoryLevel(
          id: "level", kind: .sram, name: "Level", capacity: TestChip.measure(capacity)))
    }
    #expect(energy(Bytes(44e9)) == energy(Bytes(0x1p22)))
    #expect(energy(Bytes(0x1p21)) < energy(Bytes(0x1p22)))
  }

  /// Device energies in pJ/bit (docs/method.md 7); HBM four times its device, as measured at boards (5.4).
  @Test(arguments: [
    (MemoryLevel.Kind.dram, "GDDR6", 7.5), (.dram, "GDDR6X", 7.25), (.dram, "LPDDR4X", 8),
    (.dram, "LPDDR5", 5), (.dram, "DDR5", 15), (.dram, "DDR4", 18), (.hbm, "HBM2e", 15.6),
  ])
  func memoryOffTheChipGoesByTechnology(
    kind: MemoryLevel.Kind, technology: String, perBit: Double
  ) {
    #expect(abs(Self.picojoules(kind, technology) / perBit - 1) < 1e-12)
  }

  @Test func registersAreFree() {
    #expect(Self.picojoules(.register, "") == 0)
  }
}
