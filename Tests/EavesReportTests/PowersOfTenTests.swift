import Testing

@testable import EavesReport

@Suite struct PowersOfTenTests {
  @Test func exactPowers() {
    #expect(PowersOfTen.shared[0] == .init(high: 1 << 63, low: 0))
    #expect(PowersOfTen.shared[1] == .init(high: 0xA << 60, low: 0))
    #expect(PowersOfTen.shared[27] == .init(high: 0xCECB_8F27_F420_0F3A, low: 0))
    #expect(
      PowersOfTen.shared[55] == .init(high: 0xD0CF_4B50_CFE2_0765, low: 0xFFF4_B4E3_F741_CF6D))
  }

  @Test func otherPowersAreRoundedUp() {
    #expect(
      PowersOfTen.shared[-1] == .init(high: 0xCCCC_CCCC_CCCC_CCCC, low: 0xCCCC_CCCC_CCCC_CCCD))
    #expect(
      PowersOfTen.shared[56] == .init(high: 0x8281_8F12_81ED_449F, low: 0xBFF8_F10E_7A89_21A5))
    #expect(
      PowersOfTen.shared[-292] == .init(high: 0xFF77_B1FC_BEBC_DC4F, low: 0x25E8_E89C_13BB_0F7B))
    #expect(
      PowersOfTen.shared[324] == .init(high: 0x9E19_DB92_B4E3_1BA9, low: 0x6C07_A2C2_6A83_46D2))
  }
}
