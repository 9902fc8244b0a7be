import EavesCatalog
import Testing

@Suite struct SuggestionTests {
  private static let chips = [
    "nvidia-a100-sxm-80", "nvidia-a100-pcie-40", "nvidia-h100-sxm", "apple-m2-max-38", "apple-m2",
    "rockchip-rk3588",
  ]

  @Test(arguments: [
    ("nvidia-a100-sxm-8", ["nvidia-a100-sxm-80"]),  // a slip of one letter
    ("NVIDIA-H100-SXM", ["nvidia-h100-sxm"]),  // case
    ("appel-m2", ["apple-m2"]),  // neighbours swapped
    ("apple", ["apple-m2", "apple-m2-max-38"]),  // a beginning
    ("rokchip-rk3568", ["rockchip-rk3588"]),  // several slips
    ("a100", ["nvidia-a100-sxm-80", "nvidia-a100-pcie-40"]),  // a part
    ("a100x", ["nvidia-a100-sxm-80", "nvidia-a100-pcie-40"]),  // a part with a slip
    ("A100 80", ["nvidia-a100-sxm-80"]),  // words
    ("applem2", ["apple-m2", "apple-m2-max-38"]),  // no hyphen
    ("my-rockchip-rk3588-board", ["rockchip-rk3588"]),  // more than the name
    ("cerebras", []), ("", []), ("x", []),
    (String(repeating: "a", count: 1_000_000), []),
  ])
  func finds(name: String, near: [String]) {
    #expect(Suggestion.nearest(name, among: Self.chips) == near)
  }

  @Test func namesAtMostThree() {
    #expect(
      Suggestion.nearest("key", among: ["key4", "key3", "key2", "key1"]) == [
        "key1", "key2", "key3",
      ])
  }

  @Test func namesNothingTwice() {
    #expect(Suggestion.nearest("bandwith", among: ["bandwidth", "bandwidth"]) == ["bandwidth"])
  }
}
