import Eaves
import Testing

@Suite struct ShareTextTests {
  @Test(arguments: [
    ("5%", 0.05), ("5 %", 0.05), ("0.05", 0.05), ("0", 0), ("250%", 2.5), ("1e-3", 0.001),
  ])
  func sharesAreRead(text: String, share: Double) throws {
    #expect(abs(try #require(ShareText.parse(text)) - share) < 1e-15)
  }

  @Test(arguments: ["", "%", "-1%", "-0.1", "nan", "inf", "5%%", "half", " 5"])
  func othersAreNot(text: String) { #expect(ShareText.parse(text) == nil) }
}
