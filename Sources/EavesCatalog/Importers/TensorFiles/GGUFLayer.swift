import Eaves

/// The tensors of one layer of a GGUF file, by the names behind `blk.N.`.
struct GGUFLayer: Sendable {
  /// The stack and the number: "blk.3", "dec.blk.3".
  let name: String
  private var tensors: [String: StoredTensor] = [:]

  init(name: String) { self.name = name }

  /// Sorts the tensors of a file by their layers.
  /// - Parameters:
  ///   - tensors: every tensor of the files.
  ///   - stack: what stands before the number: "blk", "enc.blk".
  /// - Returns: the layers from 0 to the highest number, of which some may hold nothing.
  static func layers(of tensors: [StoredTensor], stack: String) -> [GGUFLayer] {
    var layers: [GGUFLayer] = []
    for tensor in tensors where tensor.name.hasPrefix(stack + ".") {
      let rest = tensor.name.dropFirst(stack.count + 1)
      guard let dot = rest.firstIndex(of: "."), let index = Int(rest[..<dot]),
        (0..<ModelLimits.layers.upperBound).contains(index)
      else { continue }
      while layers.count <= index { layers.append(GGUFLayer(name: "\(stack).\(layers.count)")) }
      layers[index].tensors[String(rest[rest.index(after: dot)...])] = tensor
    }
    return layers
  }

  /// The names behind the layer's.
  var names: [String] { tensors.keys.sorted() }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  /// Elements in a row: the input of a matrix.
  func columns(_ name: String) -> Int? { tensors[name]?.rowLength }

  /// Rows, of all experts together: the output of a matrix.
  func rows(_ name: String) -> Int? {
    tensors[name].map { $0.elements / max(1, $0.rowLength) }
  }

  func elements(_ name: String) -> Int? { tensors[name]?.elements }

  /// The sizes of a tensor, the longest stride first.
  func shape(_ name: String) -> [Int]? { tensors[name]?.shape }
}
