import Eaves
import EavesBlocks

/// What a family of timed kernels does on one of its shapes.
protocol TimedSetting: Sendable {
  /// The kernel family.
  static var family: String { get }
  /// Shapes that are timed, from small to large.
  static var grid: [Self] { get }
  /// Shapes that a definition in float64 can be compared on.
  static var small: [Self] { get }

  /// The shape, for people.
  var shape: String { get }
  /// The operations, from the emitters of Eaves.
  var operations: [Operation] { get throws(KernelError) }
  /// How many floats each buffer has; a run touches all of them, unless `touchedFloats` says so, and nothing else.
  var floats: [Int] { get }
  /// Distinct floats that a run touches.
  var touchedFloats: Int { get }

  /// Changes what is in the buffers before the first run: values of [−1, 1) unless said otherwise.
  func prepare(_ memory: TimedMemory)
  /// Executes the operations.
  func run(_ memory: TimedMemory)
  /// The buffer with the result, and how many of its floats are.
  var result: (buffer: Int, count: Int) { get }
  /// The result by its definition.
  func define(_ memory: TimedMemory) -> [Double]
}

extension TimedSetting {
  func prepare(_ memory: TimedMemory) {}
  var touchedFloats: Int { floats.reduce(0, +) }

  /// The shapes of the grid; every third is held out.
  static func shapes() throws(KernelError) -> [TimedShape] {
    var shapes: [TimedShape] = []
    for (index, setting) in grid.enumerated() {
      shapes.append(try TimedShape(setting, isHeldOut: index % 3 == 2))
    }
    return shapes
  }
}

/// The buffers of a timed kernel, by number.
struct TimedMemory {
  fileprivate let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  /// The floats of a buffer.
  @inline(__always)
  subscript(index: Int) -> UnsafeMutablePointer<Float> { pointers[index] }
}

/// A setting with its memory.
final class SettingKernel<Setting: TimedSetting>: TimedKernel {
  private let setting: Setting
  private let buffers: [AlignedBuffer]
  private let memory: TimedMemory
  let operations: [Operation]

  var family: String { Setting.family }
  var shape: String { setting.shape }

  init(_ setting: Setting, operations: [Operation]) {
    self.setting = setting
    self.operations = operations
    buffers = setting.floats.map { AlignedBuffer(bytes: 4 * $0) }
    memory = TimedMemory(pointers: .allocate(capacity: buffers.count))
    for (index, buffer) in buffers.enumerated() {
      (memory.pointers + index).initialize(to: buffer.floats)
      fill(buffer.floats, count: setting.floats[index], seed: UInt64(index + 1))
    }
    setting.prepare(memory)
  }

  deinit { memory.pointers.deallocate() }

  /// Seeded values in [−1, 1), which repeat after 8,191.
  private func fill(_ floats: UnsafeMutablePointer<Float>, count: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let period = 8191
    for index in 0..<min(period, count) { floats[index] = generator.uniform() }
    var filled = period
    while filled < count {
      let piece = min(filled, count - filled)
      (floats + filled).update(from: floats, count: piece)
      filled += piece
    }
  }

  func run() {
    withExtendedLifetime(buffers) { setting.run(memory) }
  }

  var output: [Float] {
    let result = setting.result
    return withExtendedLifetime(buffers) {
      Array(UnsafeBufferPointer(start: memory[result.buffer], count: result.count))
    }
  }

  func definition() -> [Double] {
    withExtendedLifetime(buffers) { setting.define(memory) }
  }
}
