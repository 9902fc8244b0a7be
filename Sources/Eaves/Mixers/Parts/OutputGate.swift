extension RowOperation {
  /// What multiplies the heads' results.
  enum Gate {
    /// A factor that is there already.
    case product
    /// The sigmoid of a projection.
    case sigmoid
    /// The SiLU of a projection.
    case silu

    /// Lane operations and special functions a channel (docs/method.md 1).
    var cost: (vector: Int, special: Int) {
      switch self {
      case .product: (1, 0)
      case .sigmoid: (1, 1)
      case .silu: (3, 2)
      }
    }
  }

  /// The norm of each head's result, with how many weights it has in all.
  enum HeadNorm {
    case none
    case rms(weights: Int)
    case layer(weights: Int)

    /// Lane operations a channel, and weights (docs/method.md 1).
    var cost: (lanes: Int, weights: Int) {
      switch self {
      case .none: (0, 0)
      case .rms(let weights): (4, weights)
      case .layer(let weights): (7, weights)
      }
    }
  }

  /// The norm and the gate of the heads' results.
  /// - Parameters:
  ///   - gate: what multiplies them.
  ///   - heads: groups of the norm.
  ///   - width: channels of all heads.
  ///   - norm: the norm of a head.
  ///   - formats: formats of the layer.
  /// - Returns: the operation.
  static func outputGate(
    _ gate: Gate, heads: Int, width: Int, norm: HeadNorm, _ formats: LayerFormats
  ) -> RowOperation {
    let lanes = norm.cost.lanes
    var operation = RowOperation(
      .outputGate, .pointwise, width: width, vector: Double((lanes + gate.cost.vector) * width),
      formats)
    operation.special = Double(gate.cost.special * width + (lanes > 0 ? heads : 0))
    operation.read = 2 * width
    operation.norms = norm.cost.weights
    return operation
  }
}

extension FieldReader {
  /// Tokens of a chunk of a chunked recurrence: 64 where the field is left out.
  func chunk() throws(Failure) -> Int {
    try optionalInteger("chunk", in: 1...65_536) ?? 64
  }
}
