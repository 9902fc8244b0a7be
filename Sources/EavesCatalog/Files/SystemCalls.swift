#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Repeats a system call that a signal has interrupted.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// `read`, under a name that members called `read` do not hide.
func readBytes(
  _ descriptor: Int32, into start: UnsafeMutableRawPointer?, atMost count: Int
) -> Int {
  uninterrupted { read(descriptor, start, count) }
}

/// `open` of a file that is only read, under a name that members called `open` do not hide.
func openForReading(_ path: String) -> Int32 {
  uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
}

/// `write`, under a name that members called `write` do not hide.
func writeBytes(_ descriptor: Int32, from start: UnsafeRawPointer?, count: Int) -> Int {
  uninterrupted { write(descriptor, start, count) }
}

/// What the system says of an error.
func systemMessage(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
