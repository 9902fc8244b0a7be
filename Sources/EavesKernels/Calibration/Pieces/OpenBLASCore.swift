import COpenBLAS

/// What is known of the library's kernels by the core that it chose.
enum OpenBLASCore {
  /// The core, such as "Haswell"; "unknown" where the library does not say.
  static var name: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Whether it has kernels that form small products without copying: on cores with 512-bit vectors.
  static var hasSmallProducts: Bool {
    ["skylakex", "cooperlake", "sapphirerapids"].contains(name.lowercased())
  }
}
