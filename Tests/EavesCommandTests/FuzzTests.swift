import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Foundation
import Testing

@testable import EavesCommand

/// Spoiled arguments and studies: each is answered or refused in one line; none ends the program.
@Suite struct FuzzTests {
  @Test(arguments: [UInt64(1), 2])
  func spoiledArgumentsEndWithACodeOfTheContract(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let place = try Sample.workplace()
    let names = place.names
    var refused = 0
    for _ in 0..<50 {
      let arguments = Vocabulary.spoiled(&random)
      let outcome = try eaves(arguments, in: place)
      let context = "\(arguments)".prefix(300)
      #expect(Contract.exitCodes.contains(outcome.code), "\(context): \(outcome.error)")
      #expect(outcome.code != 1 || arguments.contains("check"), "\(context)")
      if outcome.code > 1 {
        refused += 1
        outcome.expectRefusal(outcome.code, "\(context)")
      }
    }
    #expect(place.names == names)
    #expect(refused > 20)
  }

  /// The same without processes: many more, and a trap would end the tests.
  @Test(arguments: [UInt64(3), 4])
  func spoiledArgumentsAreAnsweredOrRefusedByTheCommandsThemselves(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let place = try Sample.workplace()
    var refused = 0
    for _ in 0..<150 {
      let spoiled = Vocabulary.spoiled(&random)
      // Paths of one's own, wherever the tests run; results go nowhere.
      let arguments =
        spoiled.map { $0.hasPrefix("my-") ? "\(place.path)/\($0)" : $0 } + [
          "--output", "/dev/null",
        ]
      do {
        var command = try EavesTool.parseAsRoot(arguments)
        try command.run()
      } catch {
        guard let (code, text) = Failure.described(error, of: EavesTool.self) else { continue }
        refused += 1
        #expect(Contract.exitCodes.contains(code), "\("\(arguments)".prefix(300)): \(text)")
        let isClear = text.hasPrefix("eaves: ") || text.hasPrefix("Error: ")
        #expect(isClear || code == 1, "\("\(arguments)".prefix(300)): \(text)")
        #expect(!text.utf8.contains { $0 < 0x20 && $0 != 0x0A }, "\(text.debugDescription)")
      }
    }
    #expect(refused > 75)
  }

  @Test(arguments: [UInt64(7), 8])
  func spoiledStudiesAreRunOrRefused(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let place = try Sample.workplace()
    let texts = Catalog.shipped.files(of: .study).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
    var (refused, ran) = (0, 0)
    for number in 0..<400 {
      let text = StudyFaults.spoiled(
        number.isMultiple(of: 2) ? Sample.study : texts[number % texts.count], &random
      )
      .replacing("my-", with: "\(place.path)/my-")
      do {
        let study = try Study(parsing: Array(text.utf8), file: "study.json")
        let columns = try ResultColumns.selected(by: study, named: "study.json")
        let sweep = Sweep(study)
        guard sweep.count <= 150 else { continue }
        var writer = RowWriter(.csv, columns: columns)
        var buffer = ByteBuffer()
        var rows = 0
        try sweep.run(Resolver()) { row in
          writer.row(row, into: &buffer)
          rows += 1
        }
        ran += 1
        #expect(rows == sweep.count, "\(text)")
      } catch {
        refused += 1
        let (code, message) = Failure.described(error, of: EavesTool.self) ?? (0, "")
        #expect([64, 65, 66].contains(code) && message.hasPrefix("eaves: "), "\(message)\n\(text)")
      }
    }
    #expect(refused > 50 && ran > 5, "\(refused) refused, \(ran) ran")
  }
}
