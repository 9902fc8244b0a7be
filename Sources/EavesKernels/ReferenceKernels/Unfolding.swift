import Eaves

/// A map [b·side², C] cut into patches and put together by pixel, and back: copies (MobileViT, section 3.1).
enum Unfolding {
  /// The row of a pixel among the tokens of its image: pixels of one place in their patches beside each other.
  static func row(_ pixel: Int, side: Int, patch: Int) -> Int {
    let (y, x) = (pixel / side, pixel % side)
    let patches = side / patch
    let place = y % patch * patch + x % patch
    return place * patches * patches + y / patch * patches + x / patch
  }

  /// Copies a map into tokens, or tokens into a map.
  /// - Throws: `KernelError` where the operands have other sizes.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, side: Int, patch: Int, isFolding: Bool
  ) throws(KernelError) {
    let (input, output) = (buffers[0], try buffers.output())
    guard input.rows == output.rows, input.rows.isMultiple(of: side * side) else {
      throw .operandMismatch("\(input.rows) rows for a side of \(side)")
    }
    for pixel in 0..<input.rows {
      let image = pixel / (side * side) * side * side
      let token = image + row(pixel - image, side: side, patch: patch)
      for channel in 0..<input.columns {
        output[isFolding ? pixel : token, channel] = input[isFolding ? token : pixel, channel]
      }
    }
  }
}
