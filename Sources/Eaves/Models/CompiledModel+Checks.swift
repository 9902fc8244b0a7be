public import Quantities

extension CompiledModel {
  /// A published figure beside the count that must reproduce it.
  public struct Check: Sendable, Hashable {
    /// What is counted.
    public var figure: String
    public var published: Double
    public var counted: Double

    /// Whether the count is the published figure, to the last unit.
    public var isEqual: Bool { published == counted }
  }

  /// The part of the cache that a token adds once every window is full.
  public var growingCacheBytesPerToken: Bytes {
    let far = 1 << 40
    return kvCacheBytes(tokens: far + 1, batch: 1) - kvCacheBytes(tokens: far, batch: 1)
  }

  /// The part of the cache that stops growing: full windows.
  public var windowCacheBytes: Bytes {
    let far = 1 << 40
    return kvCacheBytes(tokens: far, batch: 1) - growingCacheBytesPerToken * Double(far)
  }

  /// Every published figure of the model's file; compiled with the defaults, as published.
  public var checked: [Check] {
    var checks: [Check] = []
    func check(_ figure: String, _ published: Int?, _ counted: Double) {
      guard let published else { return }
      checks.append(Check(figure: figure, published: Double(published), counted: counted))
    }
    let published = model.checks
    check("parameters", published.parameters, inventory.parameters)
    check("active parameters, with embeddings", published.active?.withEmbeddings, inventory.active)
    check(
      "active parameters, without input embedding", published.active?.withoutInputEmbedding,
      inventory.activeWithoutInputEmbedding)
    check(
      "active parameters, without embeddings", published.active?.withoutEmbeddings,
      inventory.activeWithoutEmbeddings)
    check("KV bytes a token", published.kvBytesPerToken, growingCacheBytesPerToken.value)
    check("KV bytes of full windows", published.kvWindowBytes, windowCacheBytes.value)
    check("state bytes", published.stateBytes, stateBytes(batch: 1).value)
    if let account = model.stored?.account {
      check("weight bytes of the file", account.weightBytes, inventory.weightBytes.value)
      check("bytes of the file", account.fileBytes, Double(account.accounted))
    }
    return checks
  }
}

extension Block {
  /// The block in one line.
  public var summary: String {
    let parts =
      [attention?.summary].compactMap(\.self) + mixers.map(\.shape.summary)
      + [feedForward?.summary].compactMap(\.self)
    return parts.joined(separator: "; ")
  }
}

extension Block.Attention {
  fileprivate var summary: String {
    let keys = sharesCache ? "keys of an earlier layer" : "\(kvHeads) KV heads of \(headSize)"
    let reads = window.map { ", window \($0)" } ?? pattern.map { ", \($0)" } ?? ""
    return "\(heads) heads, \(keys)\(reads)"
  }
}

extension Block.FeedForward {
  fileprivate var summary: String {
    let form = isGated ? "gated \(activation.rawValue)" : activation.rawValue
    let choice = experts > 0 ? ", \(expertsPerToken) of \(experts) experts" : ""
    return "\(form) of \(size)\(choice)"
  }
}
