public import Quantities

/// What small pieces of kernels take on one thread of a processor: measured by `eaves calibrate host`.
///
/// A roofline knows peaks and bandwidths. Kernels on a processor are also limited by what their inner loops reach
/// where nothing is fetched, by what a library copies before it multiplies, and by bandwidths that follow the working
/// set rather than the names of the caches (docs/validation.md, "Time").
public struct KernelTimes: Sendable, Hashable {
  /// Bandwidth of reading against the working set, smallest first.
  public var reading: [Point]
  /// Bandwidth of copying, read and written bytes together, against the working set, smallest first.
  public var copying: [Point]
  /// Seconds for a unit of each piece.
  public var times: [KernelPiece: Measure<Seconds>]
  /// What part of the shorter of in-core time and transfer is not hidden behind the longer.
  public var exposedShares: [KernelMaker: Measure<Ratio>]
  /// What share of the bandwidth of main memory a way of going through it reaches.
  public var reaches: [KernelStream: Measure<Ratio>]

  /// A working set and what it is read, or copied, at.
  public struct Point: Sendable, Hashable {
    public var workingSet: Bytes
    public var bandwidth: Measure<BytesPerSecond>

    /// A point of a curve.
    public init(workingSet: Bytes, bandwidth: Measure<BytesPerSecond>) {
      self.workingSet = workingSet
      self.bandwidth = bandwidth
    }
  }

  /// Curves and times.
  public init(
    reading: [Point], copying: [Point] = [], times: [KernelPiece: Measure<Seconds>] = [:],
    exposedShares: [KernelMaker: Measure<Ratio>] = [:],
    reaches: [KernelStream: Measure<Ratio>] = [:]
  ) {
    self.reading = reading
    self.copying = copying
    self.times = times
    self.exposedShares = exposedShares
    self.reaches = reaches
  }
}

/// A way in which kernels go through a large matrix: prefetchers follow some better than others.
public enum KernelStream: String, Sendable, Hashable, CaseIterable {
  /// The library's gemv: rows of a page and more, short rows, and rows that are terms.
  case vector
  case vectorShort = "vector_short"
  case vectorSum = "vector_sum"
  /// The library's copies before it multiplies: rows that are results, and terms; and short rows of both.
  case product
  case productShort = "product_short"
  case sum
  case sumShort = "sum_short"
  /// Vectorised Swift: a matrix and a vector, blocks of a few bits, keys and values.
  case lanes
  case blocks
  case decode

  /// Floats up to which a row is short: half a page.
  public static let shortRow = 512.0
}

/// Who wrote a kernel.
public enum KernelMaker: String, Sendable, Hashable, CaseIterable {
  /// The BLAS library.
  case library
  /// Vectorised Swift.
  case lanes
}

/// A piece of a kernel that is timed in small, and the unit of its time.
///
/// Products are x [m, k] times a stored matrix: `product` where its rows are results, [n, k] (weights, keys), `sum`
/// where its rows are terms, [k, n] (values). Their times are a fit over products of many shapes, the others are
/// measured alone.
public enum KernelPiece: String, Sendable, Hashable, CaseIterable {
  /// A multiply-add at the highest rate that any product reached: what nothing beats.
  case peakMultiply = "peak_multiply"
  /// A call, a multiply-add, and copying an element of the stored matrix, of x, and of the result.
  case productCall = "product_call"
  case productMultiply = "product_multiply"
  case productMatrix = "product_matrix"
  /// An element of a stored matrix whose rows are whole pages of 4 KiB apart, so that they share cache sets.
  case productAliased = "product_aliased"
  case productRow = "product_row"
  case productResult = "product_result"
  case sumCall = "sum_call"
  case sumMultiply = "sum_multiply"
  case sumMatrix = "sum_matrix"
  case sumAliased = "sum_aliased"
  case sumRow = "sum_row"
  case sumResult = "sum_result"
  /// Products that the library forms without copying: there only where it has such kernels.
  case smallProductMultiply = "small_product_multiply"
  case smallProductResult = "small_product_result"
  case smallSumMultiply = "small_sum_multiply"
  case smallSumResult = "small_sum_result"
  /// A matrix times a vector, by the library: a call, a result, an element of the matrix.
  case vectorCall = "vector_call"
  case vectorResult = "vector_result"
  case vectorElement = "vector_element"
  /// The same where rows are terms.
  case vectorSumCall = "vector_sum_call"
  case vectorSumResult = "vector_sum_result"
  case vectorSumElement = "vector_sum_element"
  /// The same in vectorised Swift: floats, and blocks of 8 and of 4 bits.
  case lanesResult = "lanes_result"
  case lanesElement = "lanes_element"
  case q8Result = "q8_result"
  case q8Element = "q8_element"
  case q4Result = "q4_result"
  case q4Element = "q4_element"
  /// An element of a vector that is rounded to 8 bits before it meets blocks.
  case roundedElement = "rounded_element"
  /// Fused attention of one token: a KV head, a key, and an element of a key and of its value, for 1, 2, 4 and 8 query
  /// heads that share it.
  case decodeHead = "decode_head"
  case decodeKey1 = "decode_key_1"
  case decodeKey2 = "decode_key_2"
  case decodeKey4 = "decode_key_4"
  case decodeKey8 = "decode_key_8"
  case decodeElement1 = "decode_element_1"
  case decodeElement2 = "decode_element_2"
  case decodeElement4 = "decode_element_4"
  case decodeElement8 = "decode_element_8"
  /// Softmax of written scores: a row, an element; the same in tiles with a running maximum.
  case softmaxRow = "softmax_row"
  case softmaxElement = "softmax_element"
  case onlineRow = "online_row"
  case onlineElement = "online_element"
  /// An output element that is rescaled when the maximum of its row moves.
  case rescaledElement = "rescaled_element"
  /// Selective scan: a channel of a token, an element of its state.
  case scanChannel = "scan_channel"
  case scanState = "scan_state"
  /// A channel of a token in a gated linear recurrence, and in an LSTM.
  case gatedChannel = "gated_channel"
  case lstmChannel = "lstm_channel"
  /// An element of a matrix that a token adds to and reads (linear attention).
  case matrixState = "matrix_state"
  /// A feature of a query or key: elu(x) + 1.
  case featureElement = "feature_element"
  /// An element with a gate: an exp, and what goes with it.
  case gateElement = "gate_element"

  /// What the unit is, for people.
  public var unit: String {
    switch self {
    case .productCall, .sumCall, .vectorCall, .vectorSumCall: "a call"
    case .peakMultiply, .productMultiply, .sumMultiply, .smallProductMultiply, .smallSumMultiply:
      "a multiply-add"
    case .productMatrix, .productAliased, .sumMatrix, .sumAliased:
      "an element of the stored matrix that is copied"
    case .productRow, .sumRow: "an element of the rows that is copied"
    case .productResult, .sumResult, .smallProductResult, .smallSumResult, .vectorResult,
      .vectorSumResult, .lanesResult, .q8Result, .q4Result:
      "a result"
    case .vectorElement, .vectorSumElement, .lanesElement, .q8Element, .q4Element:
      "an element of the matrix"
    case .decodeHead: "a KV head"
    case .decodeKey1, .decodeKey2, .decodeKey4, .decodeKey8: "a key"
    case .decodeElement1, .decodeElement2, .decodeElement4, .decodeElement8:
      "an element of a key or value"
    case .softmaxRow, .onlineRow: "a row"
    case .softmaxElement, .onlineElement: "a score"
    case .rescaledElement: "an output element"
    case .scanChannel: "a channel of a token"
    case .gatedChannel, .lstmChannel: "a channel of a token"
    case .scanState, .matrixState: "an element of a state"
    case .gateElement, .featureElement, .roundedElement: "an element"
    }
  }
}
