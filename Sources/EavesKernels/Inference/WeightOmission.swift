public import Eaves

/// Zeros among the weights of a decoder, where sparsity leaves something out.
///
/// What goes is what matters least: weights by their magnitude in their matrix (Han and others 2015, section 3), of each
/// four neighbours the two smaller, heads and neurons by the norm of what they give on a text that is not scored, layers
/// by how little they change the residual stream there (`PruningStudy`).
enum WeightOmission {
  /// Applies what is left out, one after the other.
  /// - Parameters:
  ///   - omissions: what goes.
  ///   - weights: the weights.
  ///   - attention: the heads of a layer.
  ///   - trace: a pass over a text, where heads, neurons or layers go.
  /// - Returns: the numbers of the layers that stay.
  static func apply(
    _ omissions: [Omission], to weights: inout DecoderWeights, _ attention: Block.Attention,
    trace: DecoderPass?
  ) -> [Int] {
    var kept = Array(weights.layers.indices)
    for omission in omissions {
      switch omission {
      case .weights(let share): weights.mapMatrices { smallest(&$0, share: share) }
      case .twoOfFour: weights.mapMatrices(twoOfFour)
      case .heads(let count, let groups):
        for index in weights.layers.indices {
          let norms = trace?.headNorms[index] ?? []
          let gone = heads(count, groups: groups, attention, norms)
          for head in gone {
            weights.layers[index].output.clear(
              columns: head * attention.headSize..<(head + 1) * attention.headSize)
          }
        }
      case .neurons(let count):
        for index in weights.layers.indices {
          let norms = trace?.neuronNorms[index] ?? []
          for neuron in least(count, of: norms) {
            weights.layers[index].down.clear(columns: neuron..<neuron + 1)
          }
        }
      case .layers(let count):
        let gone = Set(least(count, of: trace?.layerChanges ?? []))
        kept = kept.filter { !gone.contains($0) }
      case .activations: break
      }
    }
    weights.layers = kept.map { weights.layers[$0] }
    return kept
  }

  /// The places of the smallest.
  static func least(_ count: Int, of norms: [Double]) -> [Int] {
    Array(norms.indices.sorted { (norms[$0], $0) < (norms[$1], $1) }.prefix(count))
  }

  /// Heads that go: those of the groups that matter least, then the least of the groups that stay, each of which
  /// keeps one.
  static func heads(
    _ count: Int, groups: Int, _ attention: Block.Attention, _ norms: [Double]
  ) -> [Int] {
    guard norms.count == attention.heads else { return [] }
    let size = attention.heads / attention.kvHeads
    let sums = (0..<attention.kvHeads).map { group in
      (group * size..<(group + 1) * size).reduce(0) { $0 + norms[$1] * norms[$1] }
    }
    let lost = Set(least(groups, of: sums))
    var gone = (0..<attention.heads).filter { lost.contains($0 / size) }
    var left = Array(repeating: size, count: attention.kvHeads)
    for head in least(norms.count, of: norms) where gone.count < count {
      guard !lost.contains(head / size), left[head / size] > 1 else { continue }
      left[head / size] -= 1
      gone.append(head)
    }
    return gone
  }

  /// Zeros in place of a share of the elements, the smallest.
  static func smallest(_ matrix: inout Matrix<Float>, share: Double) {
    let count = Int((share * Double(matrix.elements.count)).rounded())
    guard count > 0 else { return }
    let sizes = matrix.elements.map { $0.magnitude }.sorted()
    let bound = sizes[count - 1]
    // Of equal elements at the bound only as many go as are asked for.
    var spare = count - (sizes.firstIndex(of: bound) ?? 0)
    for index in matrix.elements.indices {
      let size = matrix.elements[index].magnitude
      if size < bound {
        matrix.elements[index] = 0
      } else if size == bound, spare > 0 {
        matrix.elements[index] = 0
        spare -= 1
      }
    }
  }

  /// Zeros in place of the two smaller of each four of a row; what does not fill four stays.
  static func twoOfFour(_ matrix: inout Matrix<Float>) {
    guard matrix.columns.isMultiple(of: 4) else { return }
    for start in stride(from: 0, to: matrix.elements.count, by: 4) {
      let order = (start..<start + 4).sorted {
        (matrix.elements[$0].magnitude, $0) < (matrix.elements[$1].magnitude, $1)
      }
      for index in order.prefix(2) { matrix.elements[index] = 0 }
    }
  }
}

extension DecoderWeights.Layer {
  /// The matrices that weight formats and sparsity are about, and what they are for.
  public static var roles: [(path: WritableKeyPath<Self, Matrix<Float>>, role: TensorRole)] {
    [
      (\.query, .query), (\.key, .key), (\.value, .value), (\.output, .attentionOutput),
      (\.gate, .gate), (\.up, .up), (\.down, .down),
    ]
  }
}

extension DecoderWeights {
  /// Changes every matrix of every layer.
  public mutating func mapMatrices(_ body: (inout Matrix<Float>) -> Void) {
    for index in layers.indices {
      for matrix in Layer.roles { body(&layers[index][keyPath: matrix.path]) }
    }
  }
}

extension Matrix<Float> {
  /// Zeros in some columns.
  mutating func clear(columns part: Range<Int>) {
    for row in 0..<rows {
      for column in part { elements[row * columns + column] = 0 }
    }
  }
}
