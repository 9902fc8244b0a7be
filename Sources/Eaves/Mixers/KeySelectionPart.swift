import Quantities

/// What choosing the keys of a data-dependent pattern costs, before attention reads them.
struct KeySelectionPart: Emitter {
  private struct Form: Hashable {
    let heads: Int
    let kvHeads: Int
    let headSize: Int
    let storage: CacheStorage
    let precision: MultiplyPrecision
  }

  private let pattern: any Pattern
  private let form: Form

  /// The part of a pattern that chooses by the data in some step; `nil` for other patterns.
  init?(_ pattern: any Pattern, _ layer: CacheLayer) {
    form = Form(
      heads: layer.heads, kvHeads: layer.kvHeads, headSize: layer.headSize,
      storage: layer.storage, precision: layer.precision)
    self.pattern = pattern
    let probes = [Step.decode(context: 1 << 16), .prefill(1 << 16)]
    guard probes.contains(where: { selection($0) != nil }) else { return nil }
  }

  private func selection(_ step: Step) -> KeySelection? {
    pattern.selection(
      step, heads: form.heads, kvHeads: form.kvHeads, headSize: form.headSize)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? KeySelectionPart else { return false }
    return form == other.form && pattern.name == other.pattern.name
  }

  /// Short contexts choose nothing, which looks like a straight line.
  var dependsOnContext: Bool { true }

  /// Nothing where every key is taken: no kernel runs.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    guard let selection = selection(step), !selection.isNothing else { return }
    let batch = Double(step.batch)
    buffer.append(
      .keySelection, .pointwise(elements: batch * selection.vector),
      work: Work(
        multiplyAdds: batch * selection.multiplyAdds,
        precision: selection.precision ?? form.precision, vector: batch * selection.vector,
        special: batch * selection.special)
    ) { operation in
      operation.add(
        Operand(
          .cacheRead, rows: 1, columns: 1,
          format: CompactFormat(
            bytesPerElement: selection.indexBytesPerElement ?? form.storage.old.bytesPerElement,
            expansion: .none), touched: batch * selection.indexElementsRead))
    }
  }

  /// Bytes that the index of one token takes in one layer.
  var indexBytesPerToken: Double {
    guard let selection = selection(.decode(context: 1 << 16)) ?? selection(.prefill(1 << 16))
    else { return 0 }
    return selection.indexElementsPerToken
      * (selection.indexBytesPerElement ?? form.storage.old.bytesPerElement)
  }
}
