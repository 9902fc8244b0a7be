#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension AttentionJob where Scalar == Double {
  /// Softmax attention row by row, with no maximum taken out and no order of tiles: [b, S, H, d_v].
  func definition() -> [Double] {
    var outputs: [Double] = []
    for sequence in 0..<batch {
      for row in 0..<queries {
        for head in 0..<heads {
          let shared = head * kvHeads / heads
          let weights = visibility.keys[row].map { position in
            exp(
              (0..<headSize).reduce(0) {
                $0 + query(sequence, row, head, $1) * key(sequence, position, shared, $1)
              } / Double(scaledWidth ?? headSize).squareRoot())
          }
          let sum = weights.reduce(0, +)
          for channel in 0..<valueHeadSize {
            outputs.append(
              zip(visibility.keys[row], weights).reduce(0) {
                $0 + $1.1 / sum * value(sequence, $1.0, shared, channel)
              })
          }
        }
      }
    }
    return outputs
  }
}
