import Quantities

/// A collective operation between devices, after a part of a model.
///
/// Bytes are those that one device sends in the ring form of each collective (docs/method.md, "Several
/// devices"; techniques: tensor, expert and pipeline parallel communication).
struct Exchange: Emitter, Equatable {
  /// The collectives that are costed.
  enum Kind: Sendable, Hashable {
    /// Sums of [T, d] over all devices: 2(t − 1)/t of the bytes in 2(t − 1) messages round a ring, or t − 1
    /// times the bytes in one message to all at once, whichever is sooner.
    case allReduce
    /// Rows to the devices of their experts and back: k rows a token, (e − 1)/e of them elsewhere, twice.
    case allToAll(expertsPerToken: Int)
    /// Rows to the next stage, `times` one after the other.
    case toNext(times: Int)
  }

  let kind: Kind
  let devices: Int
  let hidden: Int
  let activations: CompactFormat

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Bytes(
      Double(step.rows) * Double(hidden) * activations.bytesPerElement)
    let others = Double(devices - 1)
    let use: LinkUse
    switch kind {
    case .allReduce:
      use = LinkUse(
        .device, bytes: rows * (2 * others / Double(devices)), directBytes: rows * others,
        messages: 2 * others)
    case .allToAll(let choices):
      use = LinkUse(
        .device, bytes: rows * (2 * Double(choices) * others / Double(devices)),
        messages: 2 * others)
    case .toNext(let times):
      use = LinkUse(.device, bytes: rows * Double(times), messages: Double(times))
    }
    buffer.append(.collective, .collective, work: Work(launches: 1)) { operation in
      operation.send(use)
    }
  }
}
