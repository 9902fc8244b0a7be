import Eaves
import EavesCatalog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file in `Fixtures/weights`, and what the packages of its format say of it.
struct WeightFixture: CustomStringConvertible, Sendable {
  let name: String
  let architecture: String
  let fileBytes: Int
  let headerBytes: Int
  let tensors: Int
  let elements: Int
  let tensorBytes: Int

  var description: String { name }

  /// Every GGUF file of which only the header is kept.
  static let headers = all.filter { !$0.name.hasPrefix("tiny") }

  static let all: [WeightFixture] = {
    guard let bytes = try? FileReader.read(path: path("expected.csv")) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",").map(String.init)
      let numbers = cells.dropFirst(2).map { Int($0) ?? -1 }
      return WeightFixture(
        name: cells[0], architecture: cells[1], fileBytes: numbers[0], headerBytes: numbers[1],
        tensors: numbers[2], elements: numbers[3], tensorBytes: numbers[4])
    }
  }()

  static func named(_ name: String) -> WeightFixture? { all.first { $0.name == name } }

  /// The path of a file, whatever the working directory is.
  static func path(_ file: String) -> String {
    let target = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(target)/Fixtures/weights/\(file)"
  }

  /// The header's bytes.
  func header() throws(DataError) -> [UInt8] {
    try FileReader.read(path: Self.path("\(name).header"))
  }

  /// The file as long as it was, with zeros for weights that take no room on the disk.
  func file(in folder: TemporaryFolder, length: Int? = nil) throws(DataError) -> String {
    let path = folder.write(try header(), to: "\(name).gguf")
    truncate(path, off_t(length ?? fileBytes))
    return path
  }
}
