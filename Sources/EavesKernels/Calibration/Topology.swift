/// What a machine says of itself: processor, cores, caches, memory.
public struct Topology: Sendable, Equatable {
  /// A data or unified cache.
  public struct Cache: Sendable, Equatable {
    public var level: Int
    /// Bytes of one instance.
    public var bytes: Int
    /// How many instances there are, and how many processors share one.
    public var instances: Int
    public var sharedBy: Int
    /// Bytes of a line; `nil` where the system does not say.
    public var line: Int?

    /// A cache.
    public init(level: Int, bytes: Int, instances: Int, sharedBy: Int, line: Int? = nil) {
      self.level = level
      self.bytes = bytes
      self.instances = instances
      self.sharedBy = sharedBy
      self.line = line
    }
  }

  /// The name of the processor.
  public var name: String
  /// Processors that programs see, and the cores that they are (fewer with several threads a core).
  public var processors: Int
  public var cores: Int
  /// Bits of the widest vectors; `nil` where the system does not say.
  public var vectorBits: Int?
  /// Nearest first, at most one a level.
  public var caches: [Cache]
  /// Bytes of memory; `nil` where the system does not say.
  public var memory: Int?

  /// A machine.
  public init(
    name: String, processors: Int, cores: Int, vectorBits: Int?, caches: [Cache], memory: Int?
  ) {
    self.name = name
    self.processors = processors
    self.cores = cores
    self.vectorBits = vectorBits
    self.caches = caches
    self.memory = memory
  }

  /// What one thread has of a cache where `threads` run, spread over the processors.
  func share(of cache: Cache, threads: Int) -> Int {
    cache.bytes / max(1, min(cache.sharedBy, (threads + cache.instances - 1) / cache.instances))
  }

  /// All instances of the last cache.
  var lastCacheBytes: Int { caches.last.map { $0.bytes * $0.instances } ?? 0 }
}
