/// A part of layers that share weights: what all but the first read has been read before (ALBERT, Zamba2).
struct SharedWeights: Emitter {
  let part: any Emitter
  /// The share of the layers that have weights of their own.
  let share: Double

  var dependsOnContext: Bool { part.dependsOnContext }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let first = buffer.count
    part.emit(step, into: &buffer)
    buffer.shareWeights(share, from: first)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? SharedWeights else { return false }
    return share == other.share && part.isSame(as: other.part)
  }
}

/// A part of the encoder of an encoder-decoder: it runs over the source, once, before the first token.
struct SourcePart: Emitter {
  let part: any Emitter

  var dependsOnContext: Bool { part.dependsOnContext }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    if step.encodesSource { part.emit(step.encoding, into: &buffer) }
  }

  func isSame(as other: any Emitter) -> Bool {
    (other as? SourcePart).map { part.isSame(as: $0.part) } ?? false
  }
}

/// A part of a layer that a prefill computes for the last rows only (YOCO, section 2.2).
struct LastRowsPart: Emitter {
  let part: any Emitter

  var dependsOnContext: Bool { part.dependsOnContext }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    part.emit(step.lastRows, into: &buffer)
  }

  func isSame(as other: any Emitter) -> Bool {
    (other as? LastRowsPart).map { part.isSame(as: $0.part) } ?? false
  }
}
