#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Topology {
  /// The machine that this runs on.
  public static var host: Topology {
    #if os(Linux)
      return LinuxTopology(read: text).topology
    #else
      return apple
    #endif
  }

  #if os(Linux)
    /// The text of a small file of the system.
    private static func text(of path: String) -> String? {
      guard let file = fopen(path, "r") else { return nil }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
  #else
    /// From `sysctl`; not tried on a machine of that kind.
    private static var apple: Topology {
      let processors = number("hw.logicalcpu") ?? 1
      let line = number("hw.cachelinesize")
      // The performance cores, where there are two sorts.
      let names = [
        (1, ["hw.perflevel0.l1dcachesize", "hw.l1dcachesize"]),
        (2, ["hw.perflevel0.l2cachesize", "hw.l2cachesize"]), (3, ["hw.l3cachesize"]),
      ]
      let sharers = [1, number("hw.perflevel0.cpusperl2") ?? 1, processors]
      let caches = names.compactMap { level, names -> Cache? in
        guard let bytes = names.compactMap(number).first, bytes > 0 else { return nil }
        let sharedBy = sharers[level - 1]
        return Cache(
          level: level, bytes: bytes, instances: max(1, processors / sharedBy),
          sharedBy: sharedBy, line: line)
      }
      return Topology(
        name: string("machdep.cpu.brand_string") ?? "unknown processor", processors: processors,
        cores: number("hw.physicalcpu") ?? processors,
        vectorBits: number("hw.optional.neon") == 1 ? 128 : nil, caches: caches,
        memory: number("hw.memsize"))
    }

    private static func number(_ name: String) -> Int? {
      var value: Int64 = 0
      var size = MemoryLayout<Int64>.size
      return sysctlbyname(name, &value, &size, nil, 0) == 0 ? Int(value) : nil
    }

    private static func string(_ name: String) -> String? {
      var bytes = [UInt8](repeating: 0, count: 256)
      var size = bytes.count
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  #endif
}
