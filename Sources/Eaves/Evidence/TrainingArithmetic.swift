/// FLOPs of training a model, alone or on the outputs of a teacher.
///
/// Forward 2 and backward 4 FLOPs a parameter and token; a teacher only runs forward; what is computed again in
/// the backward pass is another forward. Products of attention, 12·L·d·s a token in training, are left out.
/// Source: Hinton et al., Distilling the Knowledge in a Neural Network; Korthikanti et al., section 4; docs/method.md 1.
public struct TrainingArithmetic: Sendable, Hashable {
  /// Parameters that a token uses in the model that is trained (P_s).
  public var parameters: Double
  /// The same of its teacher (P_t); 0 where it has none.
  public var teacher: Double
  /// What is computed again in the backward pass.
  public var recompute: ActivationCheckpointing.Recompute

  /// A model, and a teacher of 0 parameters where it has none.
  public init(
    parameters: Double, teacher: Double = 0,
    recompute: ActivationCheckpointing.Recompute = .none
  ) {
    self.parameters = parameters
    self.teacher = teacher
    self.recompute = recompute
  }

  /// FLOPs a token: 2·P_t + 6·P_s, and 2·P_s more where all is computed again.
  public var flopPerToken: Double {
    2 * teacher + 6 * parameters + (recompute == .full ? 2 * parameters : 0)
  }

  /// Bytes of the teacher's logits of a token, kept for later: V elements.
  public static func logitBytes(vocabulary: Int, bytesPerElement: Double = 2) -> Double {
    Double(vocabulary) * bytesPerElement
  }
}
