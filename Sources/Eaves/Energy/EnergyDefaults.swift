import Quantities

/// Energies where a profile has none; every use is reported as estimated.
enum EnergyDefaults {
  /// From the memory device to the engines, a bit costs about four times the device (docs/method.md 7: 14.8 to
  /// 15.3 pJ/bit measured at the board of A100 and H200 against 3.9 in the HBM2 device).
  static let pathOverDevice = 4.0

  /// Static power as a share of TDP: 66 of 400 W (A100), 105 of 700 W (H200), docs/method.md 7.
  static let staticShareOfTDP = 0.16

  /// Joules a byte by technology.
  ///
  /// Device energies in pJ/bit: HBM2 3.9 with the path factor above; GDDR6 7.5, GDDR6X 7.25, LPDDR4 8
  /// (docs/method.md 7, read); LPDDR5 5, DDR5 15, DDR4 18, flash 36 (docs/method.md 7, recalled). SRAM grows with
  /// the root of its size: 0.19 pJ/B at 8 KiB in 22 nm (docs/method.md 7, CACTI), up to the 4 MiB that the
  /// table ends with: larger memories are many banks of such sizes.
  static func pathEnergy(of level: MemoryLevel) -> JoulesPerByte {
    let technology = (level.technology ?? "").uppercased()
    func perBit(_ picojoules: Double) -> JoulesPerByte { JoulesPerByte(8e-12 * picojoules) }
    switch level.kind {
    case .register: return JoulesPerByte(0)
    case .sram, .cache:
      let size = min(level.capacity?.value.value ?? 8192, 0x1p22)
      return JoulesPerByte(0.19e-12 * max(1, size / 8192).squareRoot())
    case .hbm: return perBit(3.9 * pathOverDevice)
    case .flash: return perBit(36)
    case .dram:
      if technology.hasPrefix("GDDR6X") { return perBit(7.25) }
      if technology.hasPrefix("GDDR") { return perBit(7.5) }
      if technology.hasPrefix("LPDDR5") { return perBit(5) }
      if technology.hasPrefix("LPDDR") { return perBit(8) }
      if technology.hasPrefix("DDR5") { return perBit(15) }
      return perBit(18)
    }
  }

  /// Joules a FLOP by class.
  ///
  /// GPUs: 0.4 pJ a bf16 tensor FLOP, half of what an H200's power limit allows with all data movement in
  /// it ((700 − 105) W over 794 TFLOP/s), because traffic is counted apart; 5.2 pJ a vector FLOP, fitted on
  /// an A100 board (gpu-benches, gpu-roofline logs). Microcontrollers: 400 pJ a MAC at the board (MLPerf
  /// Tiny 1.2). Others take the GPU's figures for want of better.
  static func operations(
    chipClass: String
  ) -> (matrix16: JoulesPerFLOP, vector: JoulesPerFLOP) {
    switch chipClass {
    case "mcu": (JoulesPerFLOP(200e-12), JoulesPerFLOP(200e-12))
    case "mcu-npu": (JoulesPerFLOP(6e-12), JoulesPerFLOP(200e-12))
    default: (JoulesPerFLOP(0.4e-12), JoulesPerFLOP(5.2e-12))
    }
  }
}
