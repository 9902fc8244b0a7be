public import Eaves

/// A matrix of a file with its place in the model, as weight schemes see it.
public struct StoredMatrix: Sendable {
  /// Where its bytes stand.
  public let tensor: StoredTensor
  /// What it is for; the first of several roles where they are stored as one.
  public let place: TensorPlace

  /// How many rows it has, of all experts together.
  public var rows: Int { tensor.elements / max(1, tensor.rowLength) }
}

extension WeightFiles {
  /// The matrices that weight quantisation is about, in the order of the file.
  /// - Parameter model: the model of these files.
  /// - Returns: every projection, of experts too; no embedding, head, router, norm or bias.
  public func matrices(of model: Model) -> [StoredMatrix] {
    let names = GGUFNames(tensors)
    let order = FileOrder(model)
    return tensors.compactMap { tensor in
      let placement =
        metadata == nil
        ? HuggingFaceNames.placement(of: tensor, in: model)
        : names.placement(of: tensor, in: model)
      guard case .weights(let weights) = placement, !weights.isBias, tensor.shape.count >= 2,
        let role = weights.roles.first, weights.roles.allSatisfy(\.isLinear)
      else { return nil }
      var place = TensorPlace(
        role: role, layer: weights.layer ?? 0, layers: model.layers.count,
        rowLength: tensor.rowLength, isExpert: weights.isExpert, isTied: model.hasTiedEmbeddings)
      // As llama.cpp's quantiser would see it; the file itself shows what is one tensor.
      order.complete(&place)
      place.file.isFused = weights.roles.contains(.value) && weights.roles.count > 1
      return StoredMatrix(tensor: tensor, place: place)
    }
  }

  /// The bytes of some rows of a matrix, one after the other.
  /// - Parameters:
  ///   - rows: which rows, from 0.
  ///   - matrix: one of `matrices(of:)`.
  /// - Returns: the bytes as they are stored.
  /// - Throws: `DataError` where the file cannot be read, or ends before.
  public func bytes(ofRows rows: [Int], of matrix: StoredMatrix) throws(DataError) -> [UInt8] {
    let source = try ByteSource(path: matrix.tensor.file)
    let width = matrix.tensor.bytes / max(1, matrix.rows)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * width)
    for row in rows {
      bytes += try source.bytes(at: matrix.tensor.offset + row * width, count: width)
    }
    return bytes
  }
}
