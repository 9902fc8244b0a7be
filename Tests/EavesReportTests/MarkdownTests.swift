import Testing

@testable import EavesReport

@Suite struct MarkdownTests {
  @Test func document() {
    #expect(
      OutputFormat.markdown.text([Sample(), Sample(cache: nil, note: "a|b")]) == """
        | chip | batch | latency_s | kv_cache_bytes | fits | note |
        | --- | ---: | ---: | ---: | --- | --- |
        | orin-nano | 1 | 0.0885 | 1073741824 | true |  |
        | orin-nano | 1 | 0.0885 |  | true | a\\|b |

        """)
  }

  @Test(arguments: [
    ("q4_k_m", "q4_k_m"), ("a\nb", "a b"), ("*a* `b` <c> [d]", "\\*a\\* \\`b\\` \\<c> \\[d]"),
    ("a\\b", "a\\\\b"),
  ])
  func escapes(_ text: String, _ result: String) {
    #expect(written { $0.appendMarkdown(text) } == result)
  }
}
