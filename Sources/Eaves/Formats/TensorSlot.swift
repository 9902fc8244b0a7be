/// The tensors of a model that are stored in one format: those of one role in one layer.
public struct TensorSlot: Sendable, Hashable {
  /// What they are for.
  public var role: TensorRole
  /// Which layer they are in, from 0; 0 outside the layers.
  public var layer: Int
  /// Whether they belong to one of several experts.
  public var isExpert: Bool

  /// A slot by what tells slots apart.
  public init(_ role: TensorRole, layer: Int = 0, isExpert: Bool = false) {
    self.role = role
    self.layer = layer
    self.isExpert = isExpert
  }
}
