import Eaves
import Testing

/// Values of axes in parts.
@Suite struct OptionTextTests {
  @Test func partsAreSplitAndTaken() throws {
    var text = try #require(OptionText(parsing: "quest:4k:page=16:rest:b=x:a=y"))
    #expect(text.name == "quest")
    #expect(text.positional == ["4k", "rest"])
    #expect(text.named == ["page": "16", "b": "x", "a": "y"])
    #expect(text.count() == 4096)
    #expect(text.count("page") == 16)
    #expect(text.unused == ["rest", "a=y", "b=x"])
    #expect(text.text() == "rest")
    #expect(text.text("a") == "y")
    #expect(text.text("b") == "x")
    #expect(text.unused.isEmpty)
    #expect(text.text() == nil)
    #expect(text.text("page") == nil)
  }

  @Test func aPartMayBeLeftOut() throws {
    var text = try #require(OptionText(parsing: "nsa:window=none"))
    #expect(text.count("stride") == nil)
    #expect(text.count("stride", or: 16) == 16)
    #expect(text.count("window", or: 512) == nil)
    let select = text.counts("select", joinedBy: "x", or: (16, 64))
    #expect(select?.first == 16)
    #expect(select?.second == 64)
    #expect(text.unused.isEmpty)
  }

  @Test func twoCountsAndShares() throws {
    var text = try #require(OptionText(parsing: "n:4+1k:4:select=2x3:half=0.5:none=0:over=1.01"))
    let (both, one) = (text.counts(joinedBy: "+"), text.counts(joinedBy: "+"))
    #expect(both?.first == 4)
    #expect(both?.second == 1024)
    #expect(one == nil)
    let select = text.counts("select", joinedBy: "x")
    #expect(select?.first == 2)
    #expect(select?.second == 3)
    #expect(text.share("half") == 0.5)
    #expect(text.share("none") == nil)
    #expect(text.share("over") == nil)
    #expect(text.share("half") == nil)
  }

  @Test(arguments: ["", ":", "a:", ":a", "a::b", "a:=1", "a:b=", "a:b=1:b=2"])
  func nonsenseIsRefused(text: String) {
    #expect(OptionText(parsing: text) == nil)
  }
}
