import EavesCatalog
import Testing

@Suite struct DataErrorTests {
  @Test func isOneLine() {
    let error = DataError(
      file: "chip.json", at: TextPosition(line: 3, column: 14), field: "memory[2].bandwidth.value",
      "\"2039\" has no unit", remedy: "write \"1 GB/s\" or \"1 TB/s\"")
    #expect(
      error.description
        == "chip.json:3:14: memory[2].bandwidth.value: \"2039\" has no unit; write \"1 GB/s\" or \"1 TB/s\""
    )
  }

  @Test func leavesOutWhatItLacks() {
    #expect(DataError(.notFound, "no chip \"x\"").description == "no chip \"x\"")
    #expect(DataError(file: "f", "is empty").description == "f: is empty")
  }

  @Test func showsNoControlCharacters() {
    let error = DataError(file: "a\nb\u{1B}[31m\u{202E}é", "is empty")
    #expect(error.description == "a\\nb\\u{1b}[31m\\u{202e}é: is empty")
  }

  @Test func hasTheExitCodesOfSysexits() {
    #expect(DataError.Kind.badData.exitCode == 65)
    #expect(DataError.Kind.notFound.exitCode == 66)
    #expect(DataError.Kind.cannotWrite.exitCode == 73)
  }
}
