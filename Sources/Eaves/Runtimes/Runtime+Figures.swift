extension Runtime.Profile {
  /// Field paths within the profile of the figures that nobody has read in their source ("launch").
  public var unverifiedFigures: [String] {
    figures.filter { !$0.isVerified }.map(\.path.description)
  }

  /// Every constant of the profile.
  public var figures: [ProfileFigure] {
    var list = FigureList()
    list.add(launch, at: FieldPath("launch"))
    list.add(layerOverhead, at: FieldPath("layer_overhead"))
    list.add(stepOverhead, at: FieldPath("step_overhead"))
    list.add(bandwidthFraction, at: FieldPath("bandwidth_fraction"))
    list.add(matrixFraction, at: FieldPath("matrix_fraction"))
    for precision in MultiplyPrecision.allCases {
      list.add(
        matrixFractionByMultiply[precision],
        at: FieldPath("matrix_fraction_by_multiply")[precision.rawValue])
    }
    list.add(vectorFraction, at: FieldPath("vector_fraction"))
    list.add(attentionMatrixFraction, at: FieldPath("attention_matrix_fraction"))
    list.add(attentionBandwidthFraction, at: FieldPath("attention_bandwidth_fraction"))
    list.add(attentionLaunch, at: FieldPath("attention_launch"))
    list.add(attentionHead, at: FieldPath("attention_head"))
    for (family, cost) in dequantisation.sorted(by: { $0.key < $1.key }) {
      list.add(cost, at: FieldPath("dequantisation")[family])
    }
    list.add(dequantisationRows, at: FieldPath("dequantisation_rows"))
    list.add(specialVectorOps, at: FieldPath("special_vector_ops"))
    return list.figures
  }
}
