import EavesKernels
import Testing

@Suite struct CountedTests {
  @Test func eachOperationIsCountedOnItsEngine() {
    let (value, counter) = Counter.counting { () -> Counted in
      let sum = Counted(2) + Counted(3) * Counted(4) - Counted(1)
      return Counted.larger(sum.adding(product: sum, Counted(2)), -Counted(1)).exponential
        .reciprocal.softplus.silu
    }
    #expect(counter.multiplyAdds == 1)
    #expect(counter.matrixFLOPs == 2)
    // Sum, product and difference, a comparison, 1 + exp, x·σ(x).
    #expect(counter.lanes == 6)
    #expect(counter[.exponential] == 2)
    #expect(counter.special == 5)
    #expect(value.widened > 0)
  }

  @Test func itComputesWhatDoubleComputes() {
    func formula<Scalar: KernelScalar>(_: Scalar.Type) -> Double {
      let x = Scalar(0.7)
      return (x.silu + x.softplus * x.hyperbolicTangent - x.root.logarithm).widened
    }
    #expect(formula(Counted.self) == formula(Double.self))
    #expect(abs(Double(formula(Float.self)) - formula(Double.self)) < 1e-6)
  }

  /// Tests run side by side: each task has a counter of its own.
  @Test func tasksCountForThemselves() async {
    await withTaskGroup(of: (Int, Int).self) { group in
      for count in 1...8 {
        group.addTask {
          let (_, counter) = Counter.counting {
            for _ in 0..<count * 100 { _ = Counted(1) + Counted(2) }
          }
          return (count * 100, counter.lanes)
        }
      }
      for await (expected, counted) in group { #expect(expected == counted) }
    }
    #expect(Counter.current == nil)
  }
}
