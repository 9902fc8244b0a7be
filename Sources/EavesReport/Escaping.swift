extension ByteBuffer {
  /// Appends the UTF-8 of a text, with another spelling for the bytes that the format treats specially.
  ///
  /// Most texts have no such byte, so that is asked first.
  @inline(__always)
  mutating func append(
    _ text: String, where isSpecial: (UInt8) -> Bool, becomes escape: (UInt8) -> String
  ) {
    var text = text
    text.withUTF8 { bytes in
      guard bytes.contains(where: isSpecial) else { return append(bytes) }
      for byte in bytes {
        if isSpecial(byte) { append(escape(byte)) } else { append(byte) }
      }
    }
  }
}
