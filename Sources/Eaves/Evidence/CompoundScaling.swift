/// How the work of a convolutional network grows when depth, width and resolution grow together.
///
/// Source: EfficientNet, section 3.3, equation 3.
public struct CompoundScaling: Sendable, Hashable {
  /// Factors of depth (α), width (β) and resolution (γ) for one step.
  public var depth: Double
  public var width: Double
  public var resolution: Double

  /// The three factors.
  public init(depth: Double, width: Double, resolution: Double) {
    self.depth = depth
    self.width = width
    self.resolution = resolution
  }

  /// FLOPs over those of the base after `steps` (φ): (α·β²·γ²)^φ.
  public func work(steps: Int) -> Double {
    let step = depth * width * width * resolution * resolution
    return (0..<max(0, steps)).reduce(1.0) { work, _ in work * step }
  }
}
