import Eaves

/// How the configurations of one `model_type` are read.
struct ConfigFamily: Sendable {
  /// The `model_type`.
  let modelType: String
  /// The family in our own names.
  let family: String
  /// What transformers takes for keys that are left out.
  let defaults: ConfigDefaults
  /// Completes the draft that the common keys have made.
  let complete: @Sendable (ConfigReader, inout ModelDraft) throws(DataError) -> Void

  /// Every supported `model_type`.
  static let all: [ConfigFamily] =
    llamas + qwens + gemmas + phis + falcons + gpts + olmos + berts + deepSeeks + encoderDecoders

  /// The supported types in alphabetical order.
  static let modelTypes = all.map(\.modelType).sorted()

  static func named(_ modelType: String) -> ConfigFamily? {
    all.first { $0.modelType == modelType }
  }
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
  let heads: Int
  var kvHeads = KVHeads.own
  var headSize = HeadSize.given
  /// Nil is four times the model's width.
  let feedForward: Int?
  let positions: Int
  var isTied = false
  var activation = Block.FeedForward.Activation.silu
}
