import Quantities
import Testing

@testable import Eaves

/// Why a gain on paper and the realised one differ.
@Suite struct SpeedupTests {
  private static func speedup(paper: Double, realised: Double) -> Speedup {
    let baseline = TokenTimes(paper: Seconds(1), realised: Seconds(2), tokens: 1)
    let times = TokenTimes(paper: Seconds(1 / paper), realised: Seconds(2 / realised), tokens: 1)
    return Speedup(of: times, over: baseline)
  }

  private func sentence(
    paper: Double, realised: Double, fixed: Double = 0, _ bound: Bound
  ) -> String {
    var cost = Cost()
    cost.expected = Seconds(1)
    cost.limited[Limiter.overhead.slot] = Seconds(fixed)
    return Self.speedup(paper: paper, realised: realised)
      .sentence(cost, bound, runtime: "llama.cpp")
  }

  @Test func aGainThatIsNotRealisedIsExplainedByWhatTakesLongest() {
    #expect(
      sentence(paper: 4, realised: 2, fixed: 0.5, .memory("hbm"))
        == "2.00× realised of 4.00× on paper: fixed times of llama.cpp are 50 % of the step")
    #expect(
      sentence(paper: 4, realised: 2, .dequantisation("simd"))
        == "2.00× realised of 4.00× on paper: expanding the weights on simd takes longest")
    #expect(
      sentence(paper: 4, realised: 2, .link("nvlink"))
        == "2.00× realised of 4.00× on paper: what nvlink carries takes longest")
    #expect(
      sentence(paper: 0.4, realised: 0.3, .memory("hbm"))
        == "0.300× realised of 0.400× on paper: "
        + "the achieved share of hbm bandwidth and what else is moved")
  }

  /// A runtime that loses more on the baseline gives more than paper promises, whatever takes longest.
  @Test(arguments: [Bound.compute("tensor"), .memory("hbm"), .overhead("llama.cpp")])
  func aGainBeyondPaperIsOneOfTheBaseline(bound: Bound) {
    #expect(
      sentence(paper: 2, realised: 4, fixed: 0.5, bound)
        == "4.00× realised of 2.00× on paper: "
        + "what the change saves reaches less of its peak than the rest")
    #expect(
      sentence(paper: 0.3, realised: 0.4, bound)
        == "0.400× realised of 0.300× on paper: "
        + "what the change adds reaches more of its peak than the rest")
  }

  @Test func gainsThatAgreeNeedNoReason() {
    #expect(!Self.speedup(paper: 2, realised: 1.95).needsReason)
    #expect(Self.speedup(paper: 2, realised: 1.5).needsReason)
    #expect(Self.speedup(paper: 1.4, realised: 1.7).needsReason)
  }
}
