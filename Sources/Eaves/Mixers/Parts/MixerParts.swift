import Quantities

/// A part that keeps something of a sequence between steps, whatever the context.
protocol StateKeeping: Emitter {
  /// Bytes of one layer and one sequence: the operands with the role `state` of a step with one sequence.
  var stateBytes: Bytes { get }
}

/// A mixer that is nothing but its parts, one after the other.
struct MixerParts: TokenMixer {
  let parts: [any Emitter]
  let stateBytes: Bytes

  /// - Parameters:
  ///   - parts: what emits, in order.
  ///   - place: where it stands; only models that build on earlier steps keep a state.
  init(_ parts: [any Emitter], _ place: MixerPlace) {
    self.parts = parts
    let states = parts.compactMap { ($0 as? any StateKeeping)?.stateBytes }
    stateBytes = place.kind.keepsCache ? states.reduce(.zero, +) : .zero
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
