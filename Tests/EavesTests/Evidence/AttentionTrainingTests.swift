import Eaves
import EavesCatalog
import Quantities
import Testing

/// Training time of attention against sums over its kernels, under a runtime that reaches every peak.
@Suite struct AttentionTrainingTests {
  private let machine: Machine
  private let bandwidth: Double
  private let peak: Double

  init() throws {
    let resolver = Resolver()
    let chip = try resolver.chip("nvidia-a100-sxm-80")
    machine = try Machine(chip, try resolver.runtime("ideal"))
    bandwidth = machine.mainBandwidth.value
    peak = try #require(machine.peak(for: .f16)).value
  }

  private func training(_ tokens: Double, _ headSize: Double, heads: Double) -> AttentionTraining {
    AttentionTraining(AttentionTraffic(tokens: tokens, headSize: headSize), heads: heads)
  }

  /// Two products forward and four backward, or five, of two FLOPs a multiply-add.
  @Test func workIsThatOfItsProducts() {
    let training = training(8, 4, heads: 3)
    let product = 3.0 * 8 * 8 * 4 * 2
    #expect(training.work(scoresAreFormedAgain: false).value == 6 * product)
    #expect(training.work(scoresAreFormedAgain: true).value == 7 * product)
  }

  /// Narrow heads are all traffic: 20 passes over the scores and 12 over N × d in 2 bytes.
  @Test func eagerAttentionOfNarrowHeadsIsItsTraffic() throws {
    let training = training(1024, 64, heads: 1024)
    let elements: Double = 20 * 1024 * 1024 + 12 * 1024 * 64
    let bytes = 2 * 1024 * elements
    let time = try #require(training.eager(on: machine)).value
    #expect(abs(time / (bytes / bandwidth) - 1) < 1e-9)
  }

  /// Wide heads are bound by their products, each for itself; what lies between them stays traffic.
  @Test func eagerAttentionOfWideHeadsIsItsProducts() throws {
    let (tokens, width) = (4096.0, 2048.0)
    let product = 2 * tokens * tokens * width / peak
    let moved = 14 * tokens * tokens * 2 / bandwidth
    let time = try #require(training(tokens, width, heads: 1).eager(on: machine)).value
    let touched = tokens * tokens + 2 * tokens * width
    #expect(2 * touched / bandwidth < product)
    #expect(abs(time / (6 * product + moved) - 1) < 1e-9)
  }

  /// One block is bound by products; the narrower the blocks, the more is moved, until traffic limits.
  @Test func blocksAreLimitedByProductsOrByTraffic() throws {
    let training = training(1024, 64, heads: 1024)
    let flops: Double = 14 * 1024 * 1024 * 64 * 1024
    let wide = try #require(training.inBlocks(of: 1024, on: machine)).value
    #expect(abs(wide / (flops / peak) - 1) < 1e-9)
    let narrow = try #require(training.inBlocks(of: 16, on: machine)).value
    let elements = AttentionTraffic(tokens: 1024, headSize: 64).tiledTraining(keyBlocks: 64)
    #expect(abs(narrow / (1024 * elements * 2 / bandwidth) - 1) < 1e-9)
    var last = 0.0
    for block in [1024.0, 512, 256, 128, 64, 32, 16] {
      let time = try #require(training.inBlocks(of: block, on: machine)).value
      #expect(time >= last)
      last = time
    }
  }

  /// No product of attention takes longer in blocks than in passes over a written matrix.
  @Test(arguments: [(128.0, 32.0), (1024, 64), (8192, 128)])
  func blocksAreFasterThanPasses(tokens: Double, headSize: Double) throws {
    let training = training(tokens, headSize, heads: 64)
    let eager = try #require(training.eager(on: machine))
    let blocks = try #require(training.inBlocks(of: 128, on: machine))
    #expect(blocks < eager)
  }

  @Test func aRuntimeOnlyAddsTime() throws {
    let resolver = Resolver()
    let chip = try resolver.chip("nvidia-a100-sxm-80")
    let real = try Machine(chip, try resolver.runtime("pytorch"))
    let training = training(1024, 64, heads: 64)
    let (ideal, slower) = (
      try #require(training.eager(on: machine)), try #require(training.eager(on: real))
    )
    #expect(slower.value > ideal.value + 12 * real.profile.launch.value.value)
  }
}
