import Eaves

/// Which layers have a window where a configuration does not list them.
enum WindowRule {
  /// Every layer (Mistral, Phi-3).
  case everyLayer
  /// Layers from `max_window_layers` on, where `use_sliding_window` is set (Qwen).
  case fromLayer
  /// All but every n-th layer (Gemma, gpt-oss); the number is the default of `sliding_window_pattern`.
  case allButEvery(Int)
}

extension ModelDraft {
  /// Reads `sliding_window` and what says which layers have it.
  /// - Parameters:
  ///   - config: The configuration.
  ///   - rule: Which layers have the window where `layer_types` is left out.
  ///   - standard: The window where the key is left out; `null` means that there is none.
  /// - Throws: `DataError` where the keys contradict each other.
  mutating func readWindows(
    _ config: ConfigReader, _ rule: WindowRule, default standard: Int?
  ) throws(DataError) {
    var window = try config.optionalInteger(["sliding_window"], in: ModelLimits.tokens)
    if case .fromLayer = rule {
      guard try config.boolean("use_sliding_window", default: false) else {
        config.ignore("max_window_layers")
        return try readLayerTypes(config, window: nil)
      }
    }
    if window == nil, let standard, !config.isNull(["sliding_window"]) {
      config.tookDefault("sliding_window", "\(standard)")
      window = standard
    }
    if config.main.has("layer_types") { return try readLayerTypes(config, window: window) }
    switch rule {
    case .everyLayer: windows = windows.map { _ in window }
    case .fromLayer:
      let first = try config.integer(["max_window_layers"], in: 0...100_000, default: 28)
      for index in windows.indices where index >= first { windows[index] = window }
    case .allButEvery(let standard):
      let period = try config.optionalInteger(
        ["sliding_window_pattern"], in: ModelLimits.layers)
      for index in windows.indices where !(index + 1).isMultiple(of: period ?? standard) {
        windows[index] = window
      }
    }
  }

  /// Reads `layer_types`, one word a layer; nothing where it is left out.
  mutating func readLayerTypes(_ config: ConfigReader, window: Int?) throws(DataError) {
    config.ignore("layer_types", "sliding_window_pattern", "max_window_layers")
    guard config.main.has("layer_types") else { return }
    let types = try config.main.list("layer_types", of: "strings") {
      (node, path) throws(DataError) in
      guard case .string(let text) = node.value else {
        throw config.main.wrong(node, path: path, wanted: "a string")
      }
      guard ["full_attention", "sliding_attention"].contains(text) else {
        throw DataError(
          file: config.main.file.name, at: node.position, field: path,
          "found \(node.found), a kind of layer that cannot be imported",
          remedy: "full_attention and sliding_attention can")
      }
      return text == "sliding_attention"
    }
    guard types.count == layerCount else {
      throw config.main.error(
        at: "layer_types", "has \(types.count) entries for \(layerCount) layers",
        remedy: "write one a layer")
    }
    guard !types.contains(true) || window != nil else {
      throw config.main.error(
        at: "layer_types", "some layers have a window, but \"sliding_window\" gives none",
        remedy: "write its size there")
    }
    windows = types.map { $0 ? window : nil }
  }
}
