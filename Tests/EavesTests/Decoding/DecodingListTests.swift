import Testing

@testable import Eaves

/// The names of ways of decoding, and that none is missing from the list.
@Suite struct DecodingListTests {
  @Test func everyWayOfTheFolderHasALine() throws {
    let declared = try Sources.types(conformingTo: "Decoding", in: "Eaves/Decoding")
    let listed = DecodingList.entries.compactMap { entry in
      DecodingList.parse(entry.example).map { "\(type(of: $0))" }
    }
    #expect(declared.count >= 2 && Set(declared) == Set(listed))
    #expect(DecodingList.techniques.allSatisfy { $0.axis == .decoding && !$0.source.isEmpty })
  }

  @Test(arguments: [
    "autoregressive", "diffusion", "diffusion:steps=64", "diffusion:steps=64:length=256",
    "diffusion:steps=64:length=256:block=32", "diffusion:block=32:cache",
    "diffusion:steps=8:length=256:block=32:cache",
    "speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8", "speculative:layers=8:gamma=best:alpha=0.5",
    "speculative:draft=./mine.json:weights=q4_k_m:tree=4x2x2:tokens=2.6",
    "speculative:draft=llama-3.2-1b:gamma=0:alpha=1.0",
    "early-exit:exits=8@0.25+16@0.5", "early-exit:exits=8@1.0:check=head",
  ])
  func aNameReadsBack(text: String) throws {
    #expect(try #require(DecodingList.parse(text)).name == text)
  }

  @Test(arguments: [
    "", "diffusion:", "diffusion:steps", "diffusion:steps=0", "diffusion:steps=9:length=8",
    "diffusion:steps=7:length=256:block=32",
    "diffusion:cache", "diffusion:length=100:block=32", "diffusion:cache:cache:block=4",
    "diffusion:steps=4:steps=4", "diffusion:passes=4", "autoregressive:1", "speculative",
    "speculative:gamma=4:alpha=0.8", "speculative:draft=a:layers=4:gamma=4:alpha=0.8",
    "speculative:draft=a:gamma=4", "speculative:draft=a:gamma=33:alpha=0.8",
    "speculative:draft=a:gamma=4:tree=2:alpha=0.8", "speculative:draft=a:tree=2x:alpha=0.8",
    "speculative:draft=a:tree=32x32x2:alpha=0.8", "speculative:draft=a:gamma=4:alpha=1.2",
    "speculative:draft=a:gamma=4:alpha=0.8:tokens=2", "speculative:draft=a:gamma=4:tokens=5.5",
    "speculative:draft=a:gamma=best:tokens=2", "speculative:draft=a:weights=x:gamma=2:alpha=0.8",
    "speculative:layers=4:weights=q8_0:gamma=2:alpha=0.8", "early-exit", "early-exit:exits=8",
    "early-exit:exits=8@0", "early-exit:exits=8@0.5+8@0.2", "early-exit:exits=8@0.5+4@0.2",
    "early-exit:exits=8@0.8+16@0.4", "early-exit:exits=8@nan", "early-exit:exits=8@0.5:check=all",
  ])
  func anythingElseIsNone(text: String) {
    #expect(DecodingList.parse(text) == nil)
  }

  @Test func aModelIsDecodedItsOwnWay() throws {
    func plan(_ model: String, _ decoding: String?) throws -> Plan {
      try Shipped.plan(
        model, on: "nvidia-a100-sxm-80", under: "ideal", decoding.map { [.decoding: $0] } ?? [:])
    }
    #expect(try plan("llama-3.1-8b", nil).labels.decoding == "autoregressive")
    #expect(try plan("llama-3.1-8b", "model").labels.decoding == "autoregressive")
    #expect(try plan("llada-8b", nil).labels.decoding == "diffusion")
    #expect(try plan("bert-base", nil).labels.decoding == "none")
    for (model, decoding) in [
      ("llada-8b", "autoregressive"), ("llama-3.1-8b", "diffusion"), ("bert-base", "diffusion"),
    ] {
      #expect { try plan(model, decoding) } throws: { error in
        guard case .option(let error)? = error as? PlanError else { return false }
        return error.option == .decoding && error.problem.contains(model) && !error.remedy.isEmpty
      }
    }
  }
}
