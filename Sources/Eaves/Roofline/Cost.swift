public import Quantities

/// The cost of one step.
public struct Cost: Sendable {
  /// Three latencies in seconds: at best, expected, without overlap.
  public internal(set) var lower = Seconds.zero
  public internal(set) var expected = Seconds.zero
  public internal(set) var upper = Seconds.zero
  /// Work counts: matrix FLOPs that the result needs, lane operations, special functions.
  public internal(set) var matrix = FLOPs.zero
  public internal(set) var vector = FLOPs.zero
  public internal(set) var special = FLOPs.zero
  /// Bytes by role, over all operations.
  public internal(set) var bytes = RoleBytes()
  /// Bytes across each level of the machine, as expected; only positions up to `machine.main` count.
  public internal(set) var levelBytes = InlineArray<8, Bytes>(repeating: .zero)
  /// The largest activations of one operation.
  public internal(set) var workspaceBytes = Bytes.zero
  /// Joules of work and traffic, without static power.
  public internal(set) var dynamicEnergy = Joules.zero
  /// Joules of static power over the expected time; 0 where it is unknown.
  public internal(set) var staticEnergy = Joules.zero
  /// What limits the step.
  public internal(set) var limiter = Limiter.overhead
  /// Expected seconds by limiter.
  var limited = InlineArray<14, Seconds>(repeating: .zero)
  /// Seconds at peak by engine (position in `chip.engines`).
  var enginePeak = InlineArray<16, Seconds>(repeating: .zero)
  /// Lane operations that expand stored elements.
  var expanded = FLOPs.zero
  /// How many times the work of one device all devices do between them.
  public internal(set) var copies = 1.0
  /// Bytes of weights that are read again in the same step.
  var rereads = Bytes.zero
  /// Bytes that cross links, in the direction that carries more.
  public internal(set) var linkBytes = Bytes.zero
  /// Seconds that links need at least, by `LinkUse.Peer`, and those of transfers beside the whole step.
  var linkPeak = InlineArray<3, Seconds>(repeating: .zero)
  var prefetch = Seconds.zero
  /// Seconds of transfers that may be guessed, and the share of them that is.
  var guessing = Seconds.zero
  var guessed = 0.0
  /// Who is at the other end of the link that is waited for, and of the one that prefetches.
  var linkPeer = LinkUse.Peer.device
  var prefetchPeer = LinkUse.Peer.device
  /// Expected seconds that the step waits for what is prefetched, when all else is done; negative where right guesses
  /// hide transfers behind the rest of the step.
  public internal(set) var waited = Seconds.zero
  /// How many times as long all parts of a batch take as the first.
  public internal(set) var stretched = 1.0
  /// The engine that does most of the matrix work, by position in `chip.engines`.
  public internal(set) var matrixEngine = 0

  @inline(__always)
  init() {}

  mutating func finish(_ machine: Machine, layers: Int, placement: Placement) {
    workspaceBytes = placement.activationBytes
    let fixed = machine.fixed.step + machine.fixed.layer * Double(layers)
    limited[Limiter.overhead.slot] += fixed
    expected += fixed
    upper += fixed

    let energies = machine.energies
    dynamicEnergy += (vector + expanded) * energies.vector + special * energies.special
    for position in machine.levels.indices {
      dynamicEnergy += levelBytes[position] * machine.levels[position].energy
    }
    if machine.vector.engine >= 0 {
      enginePeak[machine.vector.engine] += vector * machine.vector.peak
    }
    if machine.special.engine >= 0 {
      enginePeak[machine.special.engine] += special * machine.special.peak
    }
    var busiest = 0
    for engine in 0..<machine.chip.engines.count {
      lower = max(lower, enginePeak[engine])
      if enginePeak[engine] > enginePeak[busiest] { busiest = engine }
    }
    matrixEngine = busiest
    for level in 0...machine.main where level <= placement.bestHome {
      // The nearest level sees every read; what is read again need not come from farther.
      let compulsory = level == 0 ? bytes.compulsory : bytes.compulsory - rereads
      lower = max(lower, compulsory * machine.levels[level].peak)
    }
    if placement.weightsInFlash {
      lower = max(lower, weightBytes * machine.levels[machine.main + 1].peak)
    }
    if linkBytes > .zero { addLinks() }
    // Rounding may leave equal sums a last digit apart.
    expected = max(expected, lower)
    upper = max(upper, expected)

    for slot in 0..<Limiter.slots where limited[slot] > limited[limiter.slot] {
      limiter = Limiter(slot: slot)
    }
    staticEnergy = (machine.energies.staticPower ?? .zero) * expected
  }

  /// Spends the joules of several devices, or of several parts of a batch.
  mutating func spend(dynamic: Double, static devices: Double) {
    copies = dynamic
    dynamicEnergy = dynamicEnergy * dynamic
    staticEnergy = staticEnergy * devices
  }

  /// Takes so many times as long.
  mutating func stretch(by factor: Double) {
    guard factor != 1 else { return }
    stretched *= factor
    waited = waited * factor
    lower = lower * factor
    expected = expected * factor
    upper = upper * factor
    for slot in 0..<Limiter.slots { limited[slot] = limited[slot] * factor }
    staticEnergy = staticEnergy * factor
  }

  /// What is prefetched runs beside everything else: the rest of the step hides it, or it is waited for.
  private mutating func addLinks() {
    for peer in 0..<linkPeak.count { lower = max(lower, linkPeak[peer]) }
    upper += prefetch
    if guessed > 0 {
      // The link is idle while the rest computes: what was guessed comes then, where the guess is right.
      let hidden = guessed * min(expected - guessing, guessing)
      waited = waited - hidden
      expected = expected - hidden
      limited[Limiter.link.slot] = limited[Limiter.link.slot] - hidden
    }
    if prefetch > expected {
      limited[Limiter.link.slot] += prefetch
      linkPeer = prefetchPeer
      waited += prefetch - expected
      expected = prefetch
    }
  }

  /// Bytes of parameters that are read.
  @inlinable
  public var weightBytes: Bytes { bytes[.weights] }
  /// Bytes of cached keys and values that are read, and of new ones that are written.
  @inlinable
  public var cacheReadBytes: Bytes { bytes[.cacheRead] }
  @inlinable
  public var cacheWriteBytes: Bytes { bytes[.cacheWrite] }
  /// Bytes of states that are read and written.
  @inlinable
  public var stateBytes: Bytes { 2 * bytes[.state] }
  /// Bytes of intermediate results that are written and read, wherever they stay.
  @inlinable
  public var activationBytes: Bytes { bytes.activations }

  /// Expected seconds that a limiter accounts for.
  public func seconds(limitedBy limiter: Limiter) -> Seconds { limited[limiter.slot] }

  /// Bytes across main memory, as expected.
  public func mainBytes(_ machine: Machine) -> Bytes { levelBytes[machine.main] }

  /// Joules: work, traffic and static power.
  @inlinable
  public var energy: Joules { dynamicEnergy + staticEnergy }

  /// The band of the energy: absolute figures agree to a factor of two at best.
  public var energyBand: ClosedRange<Joules> {
    let spread = EnergyTable.uncertainty
    return (dynamicEnergy / spread + staticEnergy)...(dynamicEnergy * spread + staticEnergy)
  }
}

/// What limits a step, in words.
public enum Bound: Sendable, Hashable {
  /// An engine, by its id.
  case compute(String)
  /// A memory level, by its id.
  case memory(String)
  /// A link between chips.
  case link(String)
  /// Expanding stored weights on the lanes of an engine.
  case dequantisation(String)
  /// Fixed times of the runtime.
  case overhead(String)
  /// A level that does not hold the model.
  case capacity(String)

  /// The sort of bound, as in results.
  public var kind: String {
    switch self {
    case .compute: "compute"
    case .memory: "memory"
    case .link: "link"
    case .dequantisation: "dequantisation"
    case .overhead: "overhead"
    case .capacity: "capacity"
    }
  }

  /// Where it binds: the id of an engine, a level or a runtime.
  public var place: String {
    switch self {
    case .compute(let place), .memory(let place), .link(let place), .dequantisation(let place),
      .overhead(let place), .capacity(let place):
      place
    }
  }
}

extension Machine {
  /// A limiter of a step or of one of its operations in words.
  public func bound(_ limiter: Limiter, of cost: Cost) -> Bound {
    func engine(_ index: Int) -> String {
      chip.engines.indices.contains(index) ? chip.engines[index].id : "none"
    }
    return switch limiter {
    case .matrix: .compute(engine(cost.matrixEngine))
    case .vector: .compute(engine(vector.engine))
    case .special: .compute(engine(special.engine))
    case .dequantisation: .dequantisation(engine(vector.engine))
    case .overhead: .overhead(runtime.id)
    case .link: .link(ports[cost.linkPeer]?.id ?? "link")
    default: .memory(chip.memory[levels[limiter.slot].index].id)
    }
  }
}
