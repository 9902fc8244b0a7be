import Eaves
import Testing

@testable import EavesCatalog

@Suite struct StudyShapeTests {
  private static func study(_ shape: String) throws -> Study {
    let text = """
      {"schema": 1, "question": "q", "model": ["llama-3.2-1b", "qwen2.5-0.5b"], "chip": "rpi-5",
       "shape": \(shape), "weights": ["q8_0", "q4_0"], "context": "1k"}
      """
    return try Study(parsing: Array(text.utf8), file: "study.json")
  }

  @Test func everyCombinationIsACandidate() throws {
    let study = try Self.study(#"{"layers": [4, 6], "feed_forward_size": "512..2k"}"#)
    let models = try #require(study.axes.first { $0.option == .model }).values
    #expect(models.count == 2 * 2 * 3 && Set(models).count == 12)
    #expect(models[0] == "llama-3.2-1b:layers=4:feed_forward_size=512")
    #expect(models[11] == "qwen2.5-0.5b:layers=6:feed_forward_size=2048")
  }

  /// Candidates whose sizes do not go together are left out and counted; the others are those of the grid.
  @Test func impossibleCandidatesAreLeftOut() throws {
    let study = try Self.study(#"{"heads": [8, 14, 32], "kv_heads": [2, 8]}"#)
    var rows: [String] = []
    let refused = try Sweep(study).run(Resolver()) { rows.append($0.labels.model) }
    // 14 heads cannot share 8: two models in two formats.
    #expect(refused.map(\.count).reduce(0, +) == 4)
    #expect(rows.count == 2 * 5 * 2)
    #expect(!rows.contains { $0.contains("heads=14:kv_heads=8") })
  }

  @Test(arguments: [
    #"{"layers": []}"#, #"{"layers": [0]}"#, #"{"layers": "many"}"#, #"{"depth": 3}"#, "{}",
    #"{"layers": [true]}"#,
    #"{"layers": "1..1024", "vocabulary": "1..1M", "hidden_size": "1..1M", "heads": "1..64k", "head_size": "1..1M"}"#,
  ])
  func slipsAreNamed(shape: String) {
    let error = #expect(throws: DataError.self) { try Self.study(shape) }
    #expect(error?.description.contains("shape") == true)
    #expect(error?.remedy.isEmpty == false)
  }
}
