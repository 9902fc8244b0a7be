import Quantities

/// Zeros anywhere among the weights of the layers.
///
/// Only values at an index (CSR) or beside a bit each (bitmap) take fewer bytes; the runtime then expands them.
/// Dense units multiply every zero, whatever the storage.
struct UnstructuredSparsity: Sparsity {
  /// How values are stored.
  enum Storage: String, CaseIterable {
    /// Zeros and all.
    case zeros
    /// A column index of 32 bits a value; row pointers, 4 B a row, are not counted.
    case csr
    /// A bit for each place, and the values.
    case bitmap
  }

  /// The share of the weights that is zero (s).
  let share: Double
  let storage: Storage

  /// The share of the weights that is left (ρ).
  var density: Double { 1 - share }

  /// Bits of a column index.
  static let indexBits = 32.0

  static let technique = Technique(
    name: "unstructured", axis: .sparsity, form: "unstructured:SHARE[:csr|:bitmap]",
    summary:
      "A share of the weights is zero, anywhere, stored with the zeros, at indices or under a bitmap.",
    equation:
      "useful FLOPs = ρ, executed 1; bits a weight = w, ρ·(w + 32) in CSR, ρ·w + 1 in a bitmap; ρ = 1 − s",
    conditions: [
      "dense units multiply zeros as well: 1.0 times the speed in products",
      "CSR is smaller than dense only where ρ < w/(w + 32): a third in 16 bits",
      "the runtime expands what is stored sparse, at the price of a look-up a weight",
    ],
    source: "docs/method.md 2; Han et al., Learning both Weights and Connections, section 3")

  var name: String {
    "unstructured:\(share)" + (storage == .zeros ? "" : ":\(storage.rawValue)")
  }

  var changesProducts: Bool { true }

  /// Weights of a matrix that are left: a whole number.
  func values(of elements: Double) -> Double { elements - (share * elements).rounded() }

  /// Stored bits of a matrix whose weights take `bits` each where they are stored dense.
  func storedBits(_ elements: Double, _ bits: Double) -> Double {
    switch storage {
    case .zeros: elements * bits
    case .csr: values(of: elements) * (bits + Self.indexBits)
    case .bitmap: values(of: elements) * bits + elements
    }
  }

  func storedBits(_ bits: Double) -> Double {
    switch storage {
    case .zeros: bits
    case .csr: density * (bits + Self.indexBits)
    case .bitmap: density * bits + 1
    }
  }

  func change(_ product: inout Operation, _ rates: SparseRates) {
    product.needOnly(density, isExecuted: !rates.isOnPaper)
    guard storage != .zeros else { return }
    product.mapMatrices { operand in
      let elements = Double(operand.rows * operand.columns)
      let bits = storedBits(elements, 8 * operand.bytesPerElement)
      return operand.stored(bits: bits / elements, expansion: .iq)
    }
  }

  func loss(_ model: Model, _ choices: ModelChoices) -> String? {
    "dense units multiply the zeros as well"
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    var notes = ["zeros in no order: dense units multiply them as well, 1.0× in products"]
    let bits = choices.bitsOfLayers(of: dense)
    switch storage {
    case .zeros: notes.append("stored with the zeros: no byte is saved")
    case .csr, .bitmap:
      let ratio = storedBits(bits) / bits
      if ratio >= 1 {
        notes.append(
          "\(storage.rawValue) takes \(significant(ratio)) times the bytes of dense weights")
      }
    }
    return notes
  }
}

extension SparsityEntry {
  /// Zeros anywhere.
  static let unstructured = SparsityEntry(UnstructuredSparsity.technique) { text in
    guard let share = text.share() else { return nil }
    guard let word = text.text() else {
      return UnstructuredSparsity(share: share, storage: .zeros)
    }
    guard let storage = UnstructuredSparsity.Storage(rawValue: word), storage != .zeros else {
      return nil
    }
    return UnstructuredSparsity(share: share, storage: storage)
  }
}
