public import Eaves

/// A shape of a timed kernel, before its memory is made.
public struct TimedShape: Sendable {
  /// The kernel family.
  public let family: String
  /// The shape, for people.
  public let shape: String
  /// The operations that the kernel executes.
  public let operations: [Operation]
  /// Distinct bytes that a run touches: its buffers, scratch included; not what the BLAS library packs.
  public let workingSetBytes: Int
  /// Whether nobody may look at its time while a model of time is made: every third shape of a family.
  public let isHeldOut: Bool
  private let maker: @Sendable ([Operation]) -> any TimedKernel

  /// A shape of a family.
  /// - Throws: `KernelError` where Eaves does not emit its operations: a fault of ours.
  init(_ setting: some TimedSetting, isHeldOut: Bool = false) throws(KernelError) {
    family = type(of: setting).family
    shape = setting.shape
    operations = try setting.operations
    workingSetBytes = 4 * setting.touchedFloats
    self.isHeldOut = isHeldOut
    maker = { SettingKernel(setting, operations: $0) }
  }

  /// Allocates and fills the memory of the kernel.
  public func make() -> any TimedKernel { maker(operations) }
}
