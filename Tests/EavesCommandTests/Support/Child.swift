import Foundation

/// A program that runs beside the tests.
struct Child {
  private let id: pid_t

  /// Why a program was not started: the number of the system's error.
  struct Failure: Error { let code: Int32 }

  /// Starts a program in a folder, with nothing to read, and files for what it writes.
  init(
    _ program: String, _ arguments: [String], _ environment: [String: String], in folder: String,
    output: String, error: String
  ) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, error, writing, 0o600)
    // A shell changes to the folder: file actions cannot everywhere.
    let shell = ["/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, program]
    var words = (shell + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var id = pid_t()
    let code = posix_spawn(&id, shell[0], &actions, nil, &words, &settings)
    guard code == 0 else { throw Failure(code: code) }
    self.id = id
  }

  /// Its exit code, or the number of the signal that ended it below 0; `nil` while it runs.
  func status() -> Int32? {
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : -signal
  }

  /// Ends it.
  func end() { kill(id, SIGKILL) }
}
