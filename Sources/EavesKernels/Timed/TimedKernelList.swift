/// The families of timed kernels and the shapes of each.
///
/// A test fails if a file of `BLASKernels` or `LaneKernels` with a setting is missing here.
public enum TimedKernelList {
  /// One line a family; each file says what it runs and on which shapes.
  static let settings: [any TimedSetting.Type] = [
    MatmulTimed.self, GemvTimed.self, GemvLanesTimed.self,
    GemvInt8Timed.self, GemvInt4Timed.self,
    AttentionMaterialisedTimed.self, AttentionTiledTimed.self, AttentionTiledCausalTimed.self,
    AttentionWindowTimed.self, AttentionDecodeTimed.self, AttentionDecodeBLASTimed.self,
    LatentAbsorbedTimed.self, LatentExpandedTimed.self, LinearAttentionTimed.self,
    ScanTimed.self, RecurrenceTimed.self, LSTMTimed.self, MixtureTimed.self, SoftmaxTimed.self,
  ]

  /// The families, in the order of docs/validation.md.
  public static var families: [String] { settings.map { $0.family } }

  /// The shapes of a family, or of all.
  /// - Throws: `KernelError` where Eaves does not emit the operations of a shape: a fault of ours.
  public static func shapes(family: String? = nil) throws(KernelError) -> [TimedShape] {
    var shapes: [TimedShape] = []
    for setting in settings where family == nil || setting.family == family {
      shapes += try setting.shapes()
    }
    return shapes
  }

  /// Runs the small shapes of all families against their definitions in float64.
  /// - Throws: `KernelError` where Eaves does not emit the operations of a shape: a fault of ours.
  public static func checks() throws(KernelError) -> [KernelCheck] {
    BLASThreads.set(1)
    return try small().map { shape in
      let kernel = shape.make()
      kernel.run()
      return KernelCheck(
        family: shape.family, shape: shape.shape,
        error: KernelCheck.relativeError(
          of: kernel.output.map(Double.init), against: kernel.definition()),
        tolerance: 1e-5)
    }
  }

  /// Small shapes of all families, for comparison with their definitions.
  static func small() throws(KernelError) -> [TimedShape] {
    var shapes: [TimedShape] = []
    for setting in settings { shapes += try small(setting) }
    return shapes
  }

  private static func small<Setting: TimedSetting>(
    _ setting: Setting.Type
  ) throws(KernelError) -> [TimedShape] {
    var shapes: [TimedShape] = []
    for setting in Setting.small { shapes.append(try TimedShape(setting, isHeldOut: false)) }
    return shapes
  }
}
