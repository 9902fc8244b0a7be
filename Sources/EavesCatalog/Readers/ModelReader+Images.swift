import Eaves

extension Model {
  /// Reads what a vision model has in place of a vocabulary: `image_size`, `stem` and `classifier`.
  mutating func readImages(from root: ObjectReader) throws(DataError) {
    guard root.has("image_size") else {
      for key in ["stem", "classifier"] where root.has(key) {
        throw root.error(
          at: key, "only models that read images have it",
          remedy: "remove it, or add \"image_size\"")
      }
      for key in ["image_size", "stem", "classifier"] { root.ignore(key) }
      if let mixer = strayImageMixer {
        throw root.error(
          at: "blocks", "\(quoted(mixer)) reads images, and this model has none",
          remedy: "add \"image_size\"")
      }
      return
    }
    guard kind == .encoder else {
      throw root.error(
        at: "image_size", "only encoders read images", remedy: "write \"kind\": \"encoder\"")
    }
    for key in ["vocabulary", "tied_embeddings", "max_context", "embedding_size"] {
      guard !root.has(key) else {
        throw root.error(
          at: key, "a model that reads images has none",
          remedy: "remove it, or remove \"image_size\"")
      }
      root.ignore(key)
    }
    let side = try root.integer("image_size", in: FeatureMap.sides)
    let stem = try Block.mixers("stem", reading: root)
    do {
      try readImages(side: side, stem: stem)
    } catch {
      throw root.error(at: "image_size", error.problem, remedy: error.remedy)
    }
    classifier = try root.optionalObject("classifier").map { (object) throws(DataError) in
      Classifier(
        classes: try object.integer("classes", in: ModelLimits.heads),
        pooling: try object.choice("pooling", of: Classifier.Pooling.self))
    }
  }
}
