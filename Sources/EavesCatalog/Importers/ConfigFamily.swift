import Eaves

/// How the configurations of one `model_type` are read.
struct ConfigFamily: Sendable {
  /// The `model_type`.
  let modelType: String
  /// The family in our own names.
  let family: String
  /// Reads the whole configuration into a model of some id.
  let read: @Sendable (ConfigReader, String) throws(DataError) -> ImportedModel

  /// A family of models of text.
  /// - Parameters:
  ///   - modelType: the `model_type`.
  ///   - family: the family in our own names.
  ///   - defaults: what transformers takes for keys that are left out.
  ///   - complete: completes the draft that the common keys have made.
  init(
    modelType: String, family: String, defaults: ConfigDefaults,
    complete: @escaping @Sendable (ConfigReader, inout ModelDraft) throws(DataError) -> Void
  ) {
    self.init(modelType: modelType, family: family) { (config, id) throws(DataError) in
      var draft = try ModelDraft(reading: config, defaults)
      try complete(config, &draft)
      let format = try PublishedFormat(reading: config, draft)
      let unknown = try config.unknownKeys() + format.unknownKeys
      try draft.requireSharedHeads(config)
      draft.dropWideWindows()
      return ImportedModel(
        model: draft.model(id: id, family: family, format: format), unknownKeys: unknown)
    }
  }

  /// A family that has few keys in common with models of text.
  init(
    modelType: String, family: String,
    read: @escaping @Sendable (ConfigReader, String) throws(DataError) -> ImportedModel
  ) {
    self.modelType = modelType
    self.family = family
    self.read = read
  }

  /// Every supported `model_type`.
  static let all: [ConfigFamily] =
    llamas + variants + qwens + gemmas + phis + falcons + gpts + olmos + berts + sparseBerts
    + smallBerts
    + visions + diffusions + stateSpaces + hybrids + recurrents
    + deepSeeks + kimis + encoderDecoders

  /// The supported types in alphabetical order.
  static let modelTypes = all.map(\.modelType).sorted()

  static func named(_ modelType: String) -> ConfigFamily? {
    all.first { $0.modelType == modelType }
  }
}

/// A model that was read, and the keys of its configuration that nothing is known of.
struct ImportedModel {
  var model: Model
  var unknownKeys: [String]
}

/// What the configuration class of transformers takes for keys that are left out.
///
/// Source: the signatures of the classes in transformers 4.57.1 and 5.23.0, which agree.
struct ConfigDefaults: Sendable {
  /// Where the number of key-value heads comes from.
  enum KVHeads: Sendable {
    /// The class has no such key: every head has its own.
    case own
    /// As many as heads where the key is left out.
    case asHeads
    /// A number where the key is left out, as many as heads where it is `null`.
    case fixed(Int)
  }

  /// Where the width of a head comes from.
  enum HeadSize: Sendable {
    /// The class has no such key: the model's width over the heads.
    case derived
    /// The model's width over the heads where the key is left out.
    case given
    /// A number where the key is left out.
    case fixed(Int)
    /// A number where a key of another name is left out.
    case keyed(String, Int)
  }

  let vocabulary: Int
  /// Nil where the class has no attention, and no feed-forward part beside it.
  let heads: Int?
  var kvHeads = KVHeads.own
  var headSize = HeadSize.given
  /// Nil is four times the model's width.
  let feedForward: Int?
  /// Nil where the class has no such key: nothing limits the context.
  let positions: Int?
  /// Spellings of that key.
  var positionKeys = ConfigKeys.positions
  var isTied = false
  var activation = Block.FeedForward.Activation.silu
  /// Whether heads and a feed-forward width are read: not where a family has keys of its own for them.
  var hasAttention = true
}
