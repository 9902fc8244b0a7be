import Eaves

/// Ring attention simulated on one machine (Liu et al. 2023, section 3).
///
/// Each of N devices holds S/N queries and the keys and values of as many tokens, which go round: a device takes each
/// block into the running softmax of its rows. One new token is read by every device on its own keys, and the partial
/// results (m, l, o) are merged.
extension AttentionJob {
  /// Runs over `devices` equal blocks of keys.
  /// - Returns: elements of keys and values, or of partial results, that each device sends.
  /// - Throws: `KernelError` where the blocks are not equal.
  func runRing(devices: Int) throws(KernelError) -> Int {
    let keys = visibility.length
    guard keys.isMultiple(of: devices), queries == 1 || queries == keys else {
      throw .operandMismatch("\(queries) queries and \(keys) keys on \(devices) devices")
    }
    let block = keys / devices
    for (sequence, head) in places {
      for row in 0..<queries {
        // A device starts with its own block; with one query each has its own part.
        let own = queries == 1 ? 0 : row / block
        var total = OnlineSoftmax<Scalar>(width: valueHeadSize)
        for turn in 0..<devices {
          let device = (own + turn) % devices
          let range = device * block..<(device + 1) * block
          if queries == 1 {
            var part = OnlineSoftmax<Scalar>(width: valueHeadSize)
            take(sequence, row, head, range, &part)
            total.merge(part)
          } else {
            take(sequence, row, head, range, &total)
          }
        }
        for (channel, output) in total.output().enumerated() {
          write(sequence, row, head, channel, output)
        }
      }
    }
    guard queries > 1 else { return batch * heads * (valueHeadSize + 2) }
    return (devices - 1) * batch * block * kvHeads * (headSize + valueHeadSize)
  }

  /// A row over one block of keys.
  private func take(
    _ sequence: Int, _ row: Int, _ head: Int, _ range: Range<Int>,
    _ softmax: inout OnlineSoftmax<Scalar>
  ) {
    let keys = visibility.keys[row].filter(range.contains)
    guard !keys.isEmpty else { return }
    let shared = head / group
    Counter.current?.pairs += keys.count
    let scores = keys.map { position in
      Scalar.dot(headSize) { (query(sequence, row, head, $0), key(sequence, position, shared, $0)) }
        * scale
    }
    for (position, weight) in zip(keys, softmax.take(scores)) {
      for channel in 0..<valueHeadSize {
        softmax.add(weight, value(sequence, position, shared, channel), channel)
      }
    }
  }
}
