import Quantities

extension Cost {
  /// Adds a share of another step, done after this one: a pass that falls on several rounds.
  mutating func add(_ other: Cost, share: Double) {
    lower += share * other.lower
    expected += share * other.expected
    upper += share * other.upper
    matrix += share * other.matrix
    vector += share * other.vector
    special += share * other.special
    bytes.add(other.bytes, repeats: share)
    for level in 0..<levelBytes.count { levelBytes[level] += share * other.levelBytes[level] }
    workspaceBytes = max(workspaceBytes, other.workspaceBytes)
    dynamicEnergy += share * other.dynamicEnergy
    staticEnergy += share * other.staticEnergy
    for slot in 0..<Limiter.slots { limited[slot] += share * other.limited[slot] }
    for slot in 0..<Limiter.slots where limited[slot] > limited[limiter.slot] {
      limiter = Limiter(slot: slot)
    }
    for engine in 0..<enginePeak.count { enginePeak[engine] += share * other.enginePeak[engine] }
    for engine in 0..<enginePeak.count where enginePeak[engine] > enginePeak[matrixEngine] {
      matrixEngine = engine
    }
    expanded += share * other.expanded
    rereads += share * other.rereads
    waited += share * other.waited
    linkBytes += share * other.linkBytes
    if other.limited[Limiter.link.slot] > .zero { linkPeer = other.linkPeer }
  }
}
