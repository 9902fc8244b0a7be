import Quantities
import Testing

/// Which kinds combine, and into what.
@Suite struct RelationsTests {
  /// Llama-2-7B in 16 bits on an A100: 13,214,687,232 B at 2,039 GB/s take 6.48 ms.
  @Test func bytesBandwidthAndTimeAreOneTriangle() {
    let bytes = Bytes(13_214_687_232)
    let bandwidth = BytesPerSecond(2.039e12)
    let time: Seconds = bytes / bandwidth
    #expect(abs(time.value - 6.480_964e-3) < 1e-9)
    let back: BytesPerSecond = bytes / time
    #expect(abs(back / bandwidth - 1) < 1e-15)
    let moved: Bytes = BytesPerSecond(4) * Seconds(3)
    #expect(moved == Bytes(12))
  }

  @Test func workRateAndTimeAreOneTriangle() {
    let time: Seconds = FLOPs(624e12) / FLOPsPerSecond(312e12)
    #expect(time == Seconds(2))
    let rate: FLOPsPerSecond = FLOPs(624e12) / Seconds(2)
    #expect(rate == FLOPsPerSecond(312e12))
  }

  /// The ridge point of an A100 for 16-bit products: 312 TFLOP/s over 2,039 GB/s is 153 FLOP/B.
  @Test func intensityIsWorkOverBytesAndRateOverBandwidth() {
    let ridge: Intensity = FLOPsPerSecond(312e12) / BytesPerSecond(2.039e12)
    #expect(abs(ridge.value - 153.016) < 1e-3)
    let intensity: Intensity = FLOPs(30) / Bytes(6)
    #expect(intensity == Intensity(5))
    let attainable: FLOPsPerSecond = intensity * BytesPerSecond(2)
    #expect(attainable == FLOPsPerSecond(10))
  }

  @Test func energyComesFromBytesWorkAndPower() {
    let moved: Joules = Bytes(8) * JoulesPerByte(2)
    let worked: Joules = FLOPs(8) * JoulesPerFLOP(3)
    let drawn: Joules = Watts(400) * Seconds(0.5)
    #expect(moved == Joules(16))
    #expect(worked == Joules(24))
    #expect(drawn == Joules(200))
    let power: Watts = drawn / Seconds(0.5)
    #expect(power == Watts(400))
  }

  @Test func aReciprocalReplacesADivision() {
    #expect(BytesPerSecond(4).reciprocal == SecondsPerByte(0.25))
    #expect(SecondsPerByte(0.25).reciprocal == BytesPerSecond(4))
    #expect(FLOPsPerSecond(4).reciprocal == SecondsPerFLOP(0.25))
    #expect(SecondsPerFLOP(0.25).reciprocal == FLOPsPerSecond(4))
    #expect(Bytes(8) * SecondsPerByte(0.25) == Seconds(2))
    #expect(FLOPs(8) * SecondsPerFLOP(0.25) == Seconds(2))
    #expect(Hertz(4).period == Seconds(0.25))
  }

  /// 1 MAC = 2 FLOPs, and nothing else says so.
  @Test func aMultiplyAddIsTwoOperations() {
    #expect(FLOPs(multiplyAdds: 21) == FLOPs(42))
  }
}
