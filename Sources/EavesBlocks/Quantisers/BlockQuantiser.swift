public import Eaves

/// Block formats of ggml: every value becomes bytes, and is read back from them.
public struct BlockQuantiser: Quantiser {
  public let format: NumberFormat
  /// How the elements of a block lie in its bytes.
  public let layout: BlockLayout
  private let encode: @Sendable (ArraySlice<Float>) -> [UInt8]

  public var blockElements: Int { layout.size.elements }

  /// The quantiser of a block format; `nil` where blocks of it are only read here.
  public init?(_ format: NumberFormat) {
    guard let layout = BlockLayout(rawValue: format.name), let encode = Self.encoder(layout) else {
      return nil
    }
    self.format = format
    self.layout = layout
    self.encode = encode
  }

  /// The bytes of whole blocks, as ggml's reference makes them (without an importance matrix).
  public func bytes(of values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count / blockElements * layout.size.bytes)
    for start in stride(from: 0, to: values.count, by: blockElements) {
      bytes += encode(values[start..<min(start + blockElements, values.count)])
    }
    return bytes
  }

  public func rounded(_ values: [Float]) -> [Float] {
    let size = layout.size
    return [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      for start in stride(from: 0, to: values.count, by: size.elements) {
        let block = encode(values[start..<min(start + size.elements, values.count)])
        for index in 0..<size.elements where start + index < values.count {
          buffer.initializeElement(at: start + index, to: layout.element(index, of: block[...]))
        }
      }
      count = values.count
    }
  }

  private static func encoder(
    _ layout: BlockLayout
  ) -> (@Sendable (ArraySlice<Float>) -> [UInt8])? {
    switch layout {
    case .q8_0: { SmallBlocks.q8($0) }
    case .q4_0: { SmallBlocks.symmetric($0, bits: 4) }
    case .q5_0: { SmallBlocks.symmetric($0, bits: 5) }
    case .q4_1: { SmallBlocks.affine($0, bits: 4) }
    case .q5_1: { SmallBlocks.affine($0, bits: 5) }
    case .mxfp4: { SmallBlocks.mxfp4($0) }
    case .nvfp4: { SmallBlocks.nvfp4($0) }
    case .iq4NL: { NonLinearBlocks.iq4NL($0) }
    case .iq4XS: { NonLinearBlocks.iq4XS($0) }
    case .tq1_0: { TernaryBlocks.tq1($0) }
    case .tq2_0: { TernaryBlocks.tq2($0) }
    case .q2K: { KBlocks.q2($0) }
    case .q3K: { KBlocks.q3($0) }
    case .q4K: { KBlocks.q4q5($0, bits: 4) }
    case .q5K: { KBlocks.q4q5($0, bits: 5) }
    case .q6K: { KBlocks.q6($0) }
    case .q8_1, .q8K, .iq2XXS, .iq2XS, .iq2S, .iq3XXS, .iq3S, .iq1S, .iq1M: nil
    }
  }
}
