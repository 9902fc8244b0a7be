/// Emits the operations of a whole model: what every step evaluation runs first.
///
/// A part that several groups of layers have in common is emitted once and stands for all their layers. The
/// parts are one function, each holding the next: a loop over an array of them would retain and release
/// every part in every step.
struct Emission: Sendable {
  private typealias Body = @Sendable (Step, inout OperationBuffer) -> Void

  private let body: Body

  /// An emitter and the number of layers it stands for.
  typealias Part = (part: any Emitter, repeats: Int)

  init(_ parts: [Part]) {
    var body: Body = { _, _ in }
    for (part, repeats) in parts.reversed() {
      body = part.emission(repeats: Double(repeats), then: body)
    }
    self.body = body
  }

  /// The parts of a model, those that layers have in common once.
  static func parts(
    before: [any Emitter], groups: [CompiledModel.LayerGroup], after: [any Emitter]
  ) -> [Part] {
    let outside = { (part: any Emitter) in (part: part, repeats: 1) }
    return before.map(outside) + merged(groups) + after.map(outside)
  }

  /// Appends the operations of a step.
  func emit(_ step: Step, into buffer: inout OperationBuffer) { body(step, &buffer) }

  /// The parts of all layers, each with the number of layers that have it, in order of appearance.
  private static func merged(
    _ groups: [CompiledModel.LayerGroup]
  ) -> [(part: any Emitter, repeats: Int)] {
    var merged: [(part: any Emitter, repeats: Int)] = []
    for group in groups {
      for part in group.parts.flatMap({ $0.parts }) {
        if let index = merged.firstIndex(where: { $0.part.isSame(as: part) }) {
          merged[index].repeats += group.count
        } else {
          merged.append((part, group.count))
        }
      }
    }
    return merged
  }
}

extension Emitter {
  /// This part for some layers, and then the rest.
  fileprivate func emission(
    repeats: Double, then rest: @escaping @Sendable (Step, inout OperationBuffer) -> Void
  ) -> @Sendable (Step, inout OperationBuffer) -> Void {
    { step, buffer in
      buffer.repeats = repeats
      emit(step, into: &buffer)
      rest(step, &buffer)
    }
  }
}
