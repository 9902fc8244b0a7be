import Quantities
import Testing

@testable import Eaves

/// What is said of a gain that is not what paper promises.
@Suite struct SpeedupTests {
  private static func speedup(paper: Double, realised: Double) -> Speedup {
    let base = TokenTimes(paper: Seconds(1), realised: Seconds(2), tokens: 1)
    let times = TokenTimes(paper: Seconds(1 / paper), realised: Seconds(2 / realised), tokens: 1)
    return Speedup(of: times, over: base)
  }

  @Test(arguments: [
    (2.0, 1.5, "1.50× realised of 2.00× on paper: the achieved share of hbm bandwidth"),
    (1.4, 1.7, "1.70× realised of 1.40× on paper: what the change saves reaches less of its peak"),
    (0.3, 0.4, "0.400× realised of 0.300× on paper: what the change adds reaches more of its peak"),
    (0.4, 0.3, "0.300× realised of 0.400× on paper: the achieved share of hbm bandwidth"),
  ])
  func theReasonFitsTheDirection(paper: Double, realised: Double, sentence: String) {
    let speedup = Self.speedup(paper: paper, realised: realised)
    #expect(speedup.needsReason)
    let said = speedup.sentence(Cost(), .memory("hbm"), runtime: "llama.cpp")
    #expect(said.hasPrefix(sentence), "\(said)")
  }

  @Test func gainsThatAgreeNeedNoReason() {
    #expect(!Self.speedup(paper: 2, realised: 1.95).needsReason)
    #expect(!Self.speedup(paper: 1, realised: 1).needsReason)
  }
}
