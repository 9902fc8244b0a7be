import Quantities

/// A mixture whose experts are not all at hand, or not all as likely: the same products, and what is fetched for them.
///
/// What a step lacks crosses the link before its products, when the router has chosen. Guesses come while the rest of the
/// step computes: the share of them that is right is hidden, as far as the rest lasts (docs/method.md 2).
struct PlacedExperts: Emitter {
  let experts: MixtureOfExperts
  let choice: ExpertChoice
  let traffic: ExpertTraffic
  /// Experts of a layer that take memory: those kept, and a layer's share of the buffer that others come into.
  let resident: Double
  /// Bytes of one expert.
  let expertBytes: Bytes

  /// A part of a model with so many layers like it.
  init(_ experts: MixtureOfExperts, _ choice: ExpertChoice, layers: Int) {
    self.experts = experts
    self.choice = choice
    traffic = ExpertTraffic(experts.shape, choice)
    let own = Double(experts.shape.experts) / Double(max(1, experts.shape.expertDevices))
    let buffer =
      traffic.resident < own ? Double(experts.shape.expertsPerToken) / Double(max(1, layers)) : 0
    resident = min(own, traffic.resident + buffer)
    expertBytes = experts.bytesOfOneExpert
  }

  // Misses are no line in the rows of a step.
  var dependsOnContext: Bool { true }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let tokens = step.rowsOfAllDevices
    let missing = traffic.missing(tokens: tokens)
    if missing > 0 {
      let use = LinkUse(
        choice.peer, bytes: expertBytes * missing, messages: missing, guessed: choice.guessed)
      buffer.append(.expertTransfer, .collective, work: Work(launches: 1)) { operation in
        operation.send(use)
      }
    }
    experts.emit(
      step, touched: traffic.touched(tokens: tokens), resident: resident, into: &buffer)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? PlacedExperts else { return false }
    return choice == other.choice && resident == other.resident && experts == other.experts
  }
}
