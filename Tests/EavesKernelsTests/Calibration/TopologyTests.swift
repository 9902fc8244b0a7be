import Testing

@testable import EavesKernels

@Suite struct TopologyTests {
  /// A processor of two cores with two threads each, private L1 and L2, one L3.
  private static let files: [String: String] = {
    var files = [
      "/sys/devices/system/cpu/online": "0-3\n",
      "/proc/cpuinfo": """
      processor\t: 0
      model name\t: Some CPU @ 2.0: Special
      flags\t\t: fpu sse2 avx avx2 fma

      processor\t: 1
      model name\t: Another
      """,
      "/proc/meminfo": "MemTotal:       24684096 kB\nMemFree:        21199104 kB\n",
    ]
    for processor in 0..<4 {
      let folder = "/sys/devices/system/cpu/cpu\(processor)"
      let core = processor < 2 ? "0-1" : "2-3"
      files["\(folder)/topology/thread_siblings_list"] = core
      let caches = [
        ("1", "Data", "32K", core), ("1", "Instruction", "48K", core),
        ("2", "Unified", "1024K", core), ("3", "Unified", "32M", "0-3"),
      ]
      for (index, cache) in caches.enumerated() {
        files["\(folder)/cache/index\(index)/level"] = cache.0
        files["\(folder)/cache/index\(index)/type"] = cache.1
        files["\(folder)/cache/index\(index)/size"] = cache.2
        files["\(folder)/cache/index\(index)/shared_cpu_list"] = cache.3
        files["\(folder)/cache/index\(index)/coherency_line_size"] = "64\n"
      }
    }
    return files
  }()

  @Test func coresCachesAndMemoryAreReadFromTheFilesOfLinux() {
    let topology = LinuxTopology { Self.files[$0] }.topology
    #expect(
      topology
        == Topology(
          name: "Some CPU @ 2.0: Special", processors: 4, cores: 2, vectorBits: 256,
          caches: [
            .init(level: 1, bytes: 32 << 10, instances: 2, sharedBy: 2, line: 64),
            .init(level: 2, bytes: 1 << 20, instances: 2, sharedBy: 2, line: 64),
            .init(level: 3, bytes: 32 << 20, instances: 1, sharedBy: 4, line: 64),
          ], memory: 24_684_096 << 10))
  }

  @Test func aThreadHasItsShareOfACache() {
    let topology = LinuxTopology { Self.files[$0] }.topology
    let (near, far) = (topology.caches[0], topology.caches[2])
    #expect(
      [1, 2, 4].map { topology.share(of: near, threads: $0) } == [32 << 10, 32 << 10, 16 << 10])
    #expect(
      [1, 2, 4].map { topology.share(of: far, threads: $0) } == [32 << 20, 16 << 20, 8 << 20])
    #expect(topology.lastCacheBytes == 32 << 20)
  }

  @Test func whatASystemLeavesOutIsUnknown() {
    let topology = LinuxTopology { _ in nil }.topology
    #expect(
      topology
        == Topology(
          name: "unknown processor", processors: 1, cores: 1, vectorBits: nil, caches: [],
          memory: nil))
  }

  @Test(arguments: [
    ("0", [0]), ("0-3,8", [0, 1, 2, 3, 8]), ("2,4\n", [2, 4]), ("", []), ("nonsense", []),
    ("5-3", []),
  ])
  func listsOfProcessors(text: String, members: [Int]) {
    #expect(LinuxTopology.list(text) == members)
  }

  @Test(arguments: [
    ("32K", 32 << 10), ("32M", 32 << 20), ("100", 100), ("7 kB", 7 << 10), ("x", nil),
    ("3 parsecs", nil),
  ])
  func sizes(text: String, bytes: Int?) { #expect(LinuxTopology.bytes(text) == bytes) }

  @Test(arguments: [
    ("fpu sse2 avx512f", 512), ("sse2 avx", 256), ("sse2", 128), ("fp asimd", 128), ("vax", nil),
  ])
  func vectorBits(flags: String, bits: Int?) { #expect(LinuxTopology.vectorBits(flags) == bits) }

  @Test func theMachineOfTheTestsHasProcessors() {
    let host = Topology.host
    #expect(host.processors >= host.cores && host.cores >= 1)
    #expect(!host.name.isEmpty)
  }
}
