/// Formats the cells of a row into one line, and only those that changed since the row before.
///
/// The line before is kept. A run of unchanged cells is one copy from it, with the commas and keys
/// between them; in a sweep, where most columns are constant for many rows, that is most of the line.
@usableFromInline
struct LineFormatter: ~Copyable {
  private let syntax: Syntax
  private var slots: FixedArray<Slot>
  private var texts: FixedArray<String>
  /// What comes before each cell, one after the other.
  private var leads = ByteBuffer()
  private var previous = ByteBuffer()
  private var line = ByteBuffer()
  /// Where in `previous` the run of unchanged cells starts that is not copied yet.
  private var start = 0
  /// The length of that run.
  private var pending = 0

  init(_ syntax: Syntax) {
    self.syntax = syntax
    var slots: [Slot] = []
    for lead in syntax.leads {
      slots.append(
        Slot(leadStart: leads.count, leadLength: lead.count, leadByte: lead.first ?? 0))
      leads.append(lead)
    }
    texts = FixedArray(Array(repeating: "", count: slots.count))
    self.slots = FixedArray(slots)
  }

  /// The last value of a column and the length of what was written for it.
  ///
  /// Not private: with a private type in `FixedArray`, the debug build of Swift 6.3 breaks down.
  struct Slot {
    let leadStart: Int
    let leadLength: Int
    let leadByte: UInt8
    var length = 0
    var bits: UInt64 = 0
    var kind = Kind.none
  }

  enum Kind: UInt8 { case none, text, integer, number, boolean, missing }

  /// Adds the cell of the column at `index`; columns come in order.
  mutating func put(_ cell: Cell, at index: Int) {
    switch cell {
    case .text(let text): put(text, at: index)
    case .integer(let value): put(value, at: index)
    case .number(let value): put(value, at: index)
    case .boolean(let value): put(value, at: index)
    case .missing: putMissing(at: index)
    }
  }

  /// Adds a text, or a missing cell.
  @usableFromInline
  mutating func put(_ text: String?, at index: Int) {
    guard let text else { return putMissing(at: index) }
    // Equal letters may be other bytes (é in two ways), so that only ASCII texts are kept; equal
    // storage is seen at once.
    let length = UInt64(text.utf8.count)
    if slots[index].kind == .text, slots[index].bits == length, texts[index] == text {
      return keep(index)
    }
    texts[index] = text
    let before = startCell(index)
    syntax.text(text, &line)
    endCell(index, isASCII(text) ? .text : .none, length, before)
  }

  /// Adds a whole number, or a missing cell.
  @usableFromInline
  mutating func put(_ value: Int?, at index: Int) {
    guard let value else { return putMissing(at: index) }
    let bits = UInt64(bitPattern: Int64(value))
    if isKept(index, .integer, bits) { return }
    let before = startCell(index)
    line.append(value)
    endCell(index, .integer, bits, before)
  }

  /// Adds an amount, or a missing cell; an amount that is not finite is missing.
  @usableFromInline
  mutating func put(_ value: Double?, at index: Int) {
    guard let value, value.isFinite else { return putMissing(at: index) }
    if isKept(index, .number, value.bitPattern) { return }
    let before = startCell(index)
    line.append(value)
    endCell(index, .number, value.bitPattern, before)
  }

  /// Adds a yes or no, or a missing cell.
  @usableFromInline
  mutating func put(_ value: Bool?, at index: Int) {
    guard let value else { return putMissing(at: index) }
    if isKept(index, .boolean, value ? 1 : 0) { return }
    let before = startCell(index)
    line.append(value ? "true" : "false")
    endCell(index, .boolean, value ? 1 : 0, before)
  }

  private mutating func putMissing(at index: Int) {
    if isKept(index, .missing, 0) { return }
    let before = startCell(index)
    line.append(syntax.missing)
    endCell(index, .missing, 0, before)
  }

  /// Ends the row and appends its line.
  mutating func finish(into buffer: inout ByteBuffer) {
    copyPending()
    buffer.append(syntax.rowStart)
    buffer.append(line, from: 0, count: line.count)
    buffer.append(syntax.rowEnd)
    swap(&line, &previous)
    line.removeAll()
    start = 0
  }

  /// Whether the cell is as in the row before; it then joins the run.
  @inline(__always)
  private mutating func isKept(_ index: Int, _ kind: Kind, _ bits: UInt64) -> Bool {
    guard slots[index].kind == kind, slots[index].bits == bits else { return false }
    keep(index)
    return true
  }

  @inline(__always)
  private mutating func keep(_ index: Int) { pending += slots[index].length }

  /// Copies the run before the cell, and writes what leads the cell; where the cell starts.
  @inline(__always)
  private mutating func startCell(_ index: Int) -> Int {
    if pending > 0 { copyPending() }
    start += slots[index].length
    let before = line.count
    // The lead of a CSV cell is one byte.
    if slots[index].leadLength == 1 {
      line.append(slots[index].leadByte)
    } else {
      line.append(leads, from: slots[index].leadStart, count: slots[index].leadLength)
    }
    return before
  }

  @inline(__always)
  private mutating func endCell(_ index: Int, _ kind: Kind, _ bits: UInt64, _ before: Int) {
    slots[index].kind = kind
    slots[index].bits = bits
    slots[index].length = line.count - before
  }

  private mutating func copyPending() {
    line.append(previous, from: start, count: pending)
    start += pending
    pending = 0
  }
}

private func isASCII(_ text: String) -> Bool {
  var text = text
  return text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } }
}
