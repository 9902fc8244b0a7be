import Eaves
import Testing

@Suite struct CompoundScalingTests {
  /// FLOPs of a convolution: layers × channels in × channels out × rows × columns.
  @Test func workGrowsAsTheFLOPsOfConvolutions() {
    let scaling = CompoundScaling(depth: 1.2, width: 1.1, resolution: 1.15)
    for steps in 0...7 {
      func grown(_ factor: Double) -> Double { (0..<steps).reduce(1) { size, _ in size * factor } }
      let channels = grown(1.1)
      let side = grown(1.15)
      let flops = grown(1.2) * channels * channels * side * side
      #expect(abs(scaling.work(steps: steps) / flops - 1) < 1e-12)
    }
    #expect(abs(scaling.work(steps: 1) - 1.92027) < 1e-5)
  }
}
