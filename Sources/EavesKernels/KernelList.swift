/// The kernel families, in the order of docs/validation.md.
///
/// A test fails if a file of `ReferenceKernels` with a case is missing here.
public enum KernelList {
  /// One line a family; each file says what it computes and on which shapes.
  public static let cases: [any KernelCase] = [
    MatmulCase.all, AttentionMaterialisedCase.all, AttentionTiledCase.all, AttentionGroupedCase.all,
    AttentionPatternCase.all, LatentAttentionCase.all,
    KVQuantisationCase.all, EvictionCase.all, LinearAttentionCase.all, LinformerCase.all,
    SynthesizerCase.all, MambaCase.all, Mamba2Case.all,
    MatrixRecurrenceCase.all, VectorRecurrenceCase.all, RingAttentionCase.all,
    MixtureOfExpertsCase.all, ExpertLRUCase.all, DepthwiseCase.all, UnfoldingCase.all,
    DiffusionCase.all, BlockGemvCase.all, SparseProductCase.all, SpeculativeCase.all,
  ].flatMap { $0 }

  /// The families, those of the BLAS library last.
  public static let families: [String] =
    cases.map(\.family).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } + ["matmul-blas"]

  /// Runs all cases of a family, or of all.
  /// - Throws: `KernelError` where a kernel does not run its operation: a fault of ours.
  public static func checks(family: String? = nil) throws(KernelError) -> [KernelCheck] {
    var checks: [KernelCheck] = []
    for kernel in cases where family == nil || kernel.family == family {
      checks.append(try KernelCheck(kernel))
    }
    if family == nil || family == "matmul-blas" {
      for shape in KernelCheck.shapes {
        checks.append(try KernelCheck.matmul(m: shape.m, n: shape.n, k: shape.k))
      }
    }
    return checks
  }
}
