public import Eaves
public import Quantities

/// The memory of one operand: its elements, and which of them a kernel has read or written.
public final class Buffer<Scalar: KernelScalar> {
  /// What the operand is to the step.
  public let role: Operand.Role
  /// Rows of all matrices of the operand, one below the other, and columns.
  public let rows: Int
  public let columns: Int
  /// Bytes of the operand, as it is stored.
  public let bytes: Bytes
  /// Elements in row-major order.
  public private(set) var values: [Scalar]

  private var isTouched: [Bool]
  private let bytesPerElement: Double
  private let address: Int
  private let traces: [CacheTrace]

  init(_ operand: Operand, traces: [CacheTrace], make: (Int) -> Scalar) {
    role = operand.role
    let rows = Int((operand.distinct * Double(operand.rows)).rounded(.up))
    let bytes = Bytes(operand.distinctElements * operand.bytesPerElement)
    self.rows = rows
    self.bytes = bytes
    columns = operand.columns
    bytesPerElement = operand.bytesPerElement
    values = (0..<rows * operand.columns).map(make)
    isTouched = Array(repeating: false, count: rows * operand.columns)
    self.traces = traces
    address = traces.map { $0.place(bytes: Int(bytes.value.rounded(.up))) }.max() ?? 0
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      touch(row * columns + column, isWrite: false)
      return values[row * columns + column]
    }
    set {
      touch(row * columns + column, isWrite: true)
      values[row * columns + column] = newValue
    }
  }

  /// Sets a value before the kernel runs: what an operation that is not executed here has made.
  func fill(_ row: Int, _ column: Int, _ value: Scalar) { values[row * columns + column] = value }

  private func touch(_ index: Int, isWrite: Bool) {
    isTouched[index] = true
    guard !traces.isEmpty else { return }
    let first = Int(Double(index) * bytesPerElement)
    for trace in traces {
      trace.touch(
        address: address + first, bytes: Int(Double(index + 1) * bytesPerElement) - first,
        isWrite: isWrite)
    }
  }

  /// Elements that were read or written.
  public var touchedElements: Int { isTouched.count(where: \.self) }
}
