import Eaves
import Quantities

/// The operations of one layer, emitted by the emitters that every command uses.
struct TinyModel {
  /// Width of the model (d).
  var hidden: Int
  var kind = Model.Kind.decoder
  var block: Block
  /// The format of weights, activations and cache.
  var format = NumberFormat.f32
  /// The format of the cache where it is another.
  var kv: NumberFormat?
  var schedule = Schedule.flash2
  var pattern: (any Pattern)?
  var cache = CacheChoice.rolling
  /// The scheme of the weights, where it is not `format`.
  var weights: String?
  var keepsApproximateCache = false

  /// A layer of softmax attention.
  init(hidden: Int = 8, attention: Block.Attention, kind: Model.Kind = .decoder) {
    self.hidden = hidden
    self.kind = kind
    block = Block(attention: attention, feedForward: nil)
  }

  /// A layer of another mixer, by its word and fields.
  init(
    hidden: Int, mixer: String, _ fields: [String: Int] = [:], words: [String: String] = [:],
    kind: Model.Kind = .decoder
  ) throws(KernelError) {
    self.hidden = hidden
    self.kind = kind
    guard let shape = try MixerList.read(mixer, from: FieldList(numbers: fields, words: words))
    else { throw .notEmitted(mixer) }
    block = Block(attention: nil, mixers: [shape], feedForward: nil)
  }

  /// A layer with a feed-forward part alone.
  init(hidden: Int, feedForward: Block.FeedForward) {
    self.hidden = hidden
    block = Block(attention: nil, feedForward: feedForward)
  }

  /// All operations of a step.
  func operations(_ step: Step) throws(KernelError) -> [Operation] {
    let compiled = try compiled()
    var buffer = OperationBuffer()
    compiled.emit(step, into: &buffer)
    return buffer.operations
  }

  /// Bytes of keys and values of some tokens.
  func kvCacheBytes(tokens: Int) throws(KernelError) -> Double {
    try compiled().kvCacheBytes(tokens: tokens, batch: 1).value
  }

  private func compiled() throws(KernelError) -> CompiledModel {
    let model = Model(
      id: "tiny", name: "tiny", family: "tiny", kind: kind, hiddenSize: hidden, vocabulary: 8,
      hasTiedEmbeddings: false, maxContext: 1 << 20, publishedFormat: format, norm: .rmsnorm,
      position: .rotary, blocks: ["layer": block], layers: ["layer"])
    guard let weights = try? WeightScheme(parsing: self.weights ?? format.name) else {
      throw .notEmitted(self.weights ?? format.name)
    }
    var choices = ModelChoices(
      weights: weights, kv: kv ?? format, activations: format, pattern: pattern, cache: cache,
      schedule: schedule)
    choices.keepsApproximateCache = keepsApproximateCache
    return CompiledModel(model, choices)
  }

  /// The operations of a step with some ids, in order.
  /// - Throws: `KernelError` where there are not as many as ids.
  func operations(_ step: Step, _ ids: Operation.ID...) throws(KernelError) -> [Operation] {
    let found = try operations(step).filter { ids.contains($0.id) }
    guard found.count == ids.count else {
      throw .notEmitted(
        "\(ids.map(\.name)), but \(found.map(\.id.name))")
    }
    return found
  }
}

/// Fields of a mixer in code.
struct FieldList: FieldReader {
  var numbers: [String: Int]
  var words: [String: String]

  func integer(_ key: String, in range: ClosedRange<Int>) throws(KernelError) -> Int {
    guard let value = numbers[key] else { throw error(at: key, "missing", remedy: "") }
    return value
  }

  func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(KernelError) -> Int? {
    numbers[key]
  }

  func boolean(_ key: String, default standard: Bool) throws(KernelError) -> Bool {
    numbers[key].map { $0 != 0 } ?? standard
  }

  func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(KernelError) -> Choice? {
    guard let word = words[key] else { return nil }
    guard let choice = Choice(rawValue: word) else { throw error(at: key, word, remedy: "") }
    return choice
  }

  func optionalString(_ key: String) throws(KernelError) -> String? { words[key] }

  func error(at key: String, _ problem: String, remedy: String) -> KernelError {
    .notEmitted("\(key): \(problem)")
  }
}
