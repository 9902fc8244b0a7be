extension TimedKernelList {
  /// The reference family that counts the operations that a timed family executes; `nil` where it has its own name.
  public static func counted(as family: String) -> String? { counted[family] }

  private static let counted: [String: String] = [
    "gemv": "matmul", "gemv-lanes": "matmul", "gemv-int8": "block-gemv", "gemv-int4": "block-gemv",
    "attention-tiled-causal": "attention-tiled", "attention-window": "attention-patterns",
    "attention-decode": "attention-grouped", "attention-decode-blas": "attention-materialised",
    "mla-absorbed": "mla", "mla-expanded": "mla", "scan": "mamba-scan",
    "recurrence": "vector-recurrence", "lstm": "vector-recurrence",
    "softmax": "attention-materialised",
  ]
}
