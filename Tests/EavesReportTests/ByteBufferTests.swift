import Testing

@testable import EavesReport

@Suite struct ByteBufferTests {
  @Test func growsAndKeepsItsBytes() {
    var buffer = ByteBuffer(capacity: 0)
    var expected: [UInt8] = []
    for index in 0..<1000 {
      let byte = UInt8(truncatingIfNeeded: index)
      buffer.append(byte)
      buffer.append([byte, byte])
      buffer.append("é")
      expected += [byte, byte, byte, 0xC3, 0xA9]
    }
    let (copy, bytes, count) = (buffer.array, buffer.withUnsafeBytes { Array($0) }, buffer.count)
    #expect(copy == expected)
    #expect(bytes == expected)
    #expect(count == expected.count)
  }

  @Test func removeAllForgetsTheBytes() {
    var buffer = ByteBuffer()
    let wasEmpty = buffer.isEmpty
    buffer.append("abc")
    buffer.removeAll()
    let isEmpty = buffer.isEmpty
    buffer.append("d")
    let text = buffer.text
    #expect(wasEmpty)
    #expect(isEmpty)
    #expect(text == "d")
  }

  @Test func appendsPartOfAnother() {
    let text = written { buffer in
      var source = ByteBuffer()
      source.append("abcdef")
      buffer.append(source, from: 1, count: 3)
      buffer.append(source, from: 6, count: 0)
    }
    #expect(text == "bcd")
  }
}
