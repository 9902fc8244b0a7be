/// Reads the files in which Linux describes a machine.
///
/// `/sys/devices/system/cpu` (online, cpuN/cache/indexM, cpuN/topology), `/proc/cpuinfo` and
/// `/proc/meminfo`. Whatever a system leaves out is unknown.
public struct LinuxTopology {
  private let read: (String) -> String?

  /// - Parameter read: the text of a file; `nil` where it cannot be read.
  public init(read: @escaping (String) -> String?) { self.read = read }

  /// The machine.
  public var topology: Topology {
    let processors = Self.list(line("/sys/devices/system/cpu/online") ?? "0")
    let info = Self.fields(read("/proc/cpuinfo") ?? "")
    let cores = Set(
      processors.map { processor in
        let folder = "/sys/devices/system/cpu/cpu\(processor)/topology"
        return line("\(folder)/core_cpus_list") ?? line("\(folder)/thread_siblings_list")
          ?? "\(processor)"
      })
    return Topology(
      name: info["model name"] ?? info["Model"] ?? info["Hardware"] ?? "unknown processor",
      processors: max(1, processors.count), cores: max(1, cores.count),
      vectorBits: Self.vectorBits(info["flags"] ?? info["Features"]),
      caches: caches(of: processors),
      memory: Self.fields(read("/proc/meminfo") ?? "")["MemTotal"].flatMap(Self.bytes))
  }

  /// Data and unified caches by level, counted over all processors.
  private func caches(of processors: [Int]) -> [Topology.Cache] {
    var found: [Int: (cache: Topology.Cache, sharers: Set<String>)] = [:]
    for processor in processors {
      for index in 0..<8 {
        let folder = "/sys/devices/system/cpu/cpu\(processor)/cache/index\(index)"
        guard let level = line("\(folder)/level").flatMap({ Int($0) }),
          line("\(folder)/type") != "Instruction",
          let bytes = line("\(folder)/size").flatMap(Self.bytes), bytes > 0
        else { continue }
        let sharers = line("\(folder)/shared_cpu_list") ?? "\(processor)"
        var entry =
          found[level]
          ?? (
            Topology.Cache(
              level: level, bytes: bytes, instances: 0, sharedBy: Self.list(sharers).count,
              line: line("\(folder)/coherency_line_size").flatMap { Int($0) }), []
          )
        entry.sharers.insert(sharers)
        entry.cache.instances = entry.sharers.count
        found[level] = entry
      }
    }
    return found.values.map(\.cache).sorted { $0.level < $1.level }
  }

  /// The first line of a file.
  private func line(_ path: String) -> String? {
    read(path).flatMap { $0.split(whereSeparator: \.isNewline).first.map(String.init) }
  }

  /// The members of a list such as "0-3,8".
  static func list(_ text: String) -> [Int] {
    text.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else {
        return []
      }
      return Array(first...last)
    }
  }

  /// Bytes of "32K", "1024K", "32M" or "24684096 kB".
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber }
    guard let number = Int(digits), number < 1 << 40 else { return nil }
    switch text.dropFirst(digits.count).drop(while: \.isWhitespace).first {
    case nil: return number
    case "K", "k": return number << 10
    case "M": return number << 20
    case "G": return number << 30
    default: return nil
    }
  }

  /// "key : value" lines; the first of a key counts.
  static func fields(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = String(line[..<colon]).trimmed
      if fields[key] == nil { fields[key] = String(line[line.index(after: colon)...]).trimmed }
    }
    return fields
  }

  /// The widest vectors that flags of a processor name.
  static func vectorBits(_ flags: String?) -> Int? {
    guard let flags else { return nil }
    let names = Set(flags.split(separator: " "))
    if names.contains("avx512f") { return 512 }
    if names.contains("avx") { return 256 }
    return names.contains("sse2") || names.contains("asimd") || names.contains("neon") ? 128 : nil
  }
}

extension String {
  /// Without white space at both ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
