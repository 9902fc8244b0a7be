public import Quantities

/// Energies of one chip: its own figures, else defaults by technology and class.
///
/// Energies are a band: absolute figures of this kind agree to a factor of two at best (docs/method.md 7).
public struct EnergyTable: Sendable {
  /// Power that is drawn while a step runs, whatever it does; `nil` where nothing is known.
  public let staticPower: Watts?
  /// Joules a FLOP of the matrix engine for 16-bit products, a lane operation, a special function.
  public let matrix16: JoulesPerFLOP
  public let vector: JoulesPerFLOP
  public let special: JoulesPerFLOP
  /// Whether any figure is a default rather than the chip's own.
  public let isEstimated: Bool

  /// The factor of the band around dynamic energy.
  public static let uncertainty = 2.0

  init(_ chip: Chip, main: Int) {
    let own = chip.operationEnergies
    let ownVector = own.first { $0.engine == .vector }?.value.value
    let ownMatrix = own.first { $0.engine == .matrix }?.value.value
    let defaults = EnergyDefaults.operations(chipClass: chip.chipClass)
    vector = ownVector ?? defaults.vector
    matrix16 = ownMatrix ?? defaults.matrix16
    special = vector * 4
    staticPower =
      chip.power.staticBusy?.value ?? chip.power.idle?.value
      ?? chip.power.tdp.map { $0.value * EnergyDefaults.staticShareOfTDP }
    isEstimated =
      ownVector == nil || ownMatrix == nil || chip.memory[main].energy?.path == nil
      || chip.power.staticBusy == nil
  }

  /// Joules a FLOP for products of a precision: datapath energy grows with the square of the width.
  func matrix(_ precision: MultiplyPrecision) -> JoulesPerFLOP {
    switch precision {
    case .f64: 8 * matrix16
    case .f32, .i32: 2.5 * matrix16
    case .tf32: 1.5 * matrix16
    case .bf16, .f16, .i16: matrix16
    case .f8, .f6, .i8: 0.5 * matrix16
    case .f4, .i4, .b1: 0.25 * matrix16
    }
  }

  /// The energy of moving a byte from a level to the engines.
  static func pathEnergy(of level: MemoryLevel, chip: Chip) -> JoulesPerByte {
    if let path = level.energy?.path { return path.value }
    if let device = level.energy?.device {
      return device.value * (level.kind == .hbm ? EnergyDefaults.pathOverDevice : 1)
    }
    return EnergyDefaults.pathEnergy(of: level)
  }
}
