import Foundation
import NuTuneCore

/// A started process whose end is asked of the system. Foundation's `Process` learns of an end through a socket that
/// every fork of the process inherits, so that a command seems to run as long as any process that it left.
struct SpawnedProcess {
  private let process: pid_t

  /// Starts an executable with empty input, and files for its output.
  ///
  /// Signals are as in a new program. A failure of the system is a `POSIXError`.
  init(_ executable: String, _ arguments: [String], environment: [String: String], output: String, errors: String)
    throws
  {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, O_WRONLY, 0)
    // The process must not inherit files that are open here, and a program that is being written cannot be started.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for file in open.compactMap({ Int32($0) }) where file > STDERR_FILENO {
      posix_spawn_file_actions_addclose(&files, file)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (usual, blocked) = (sigset_t(), sigset_t())
    sigemptyset(&usual)
    for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&usual, signal) }
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let path = FilePath.absolute(executable)
    let code = Self.withWords([executable] + arguments) { words in
      Self.withWords(environment.map { "\($0.key)=\($0.value)" }) { variables in
        var code = posix_spawn(&process, path, &files, &attributes, words, variables)
        // Another thread may be starting a process, which has the file open for an instant.
        for _ in 0..<200 where code == ETXTBSY {
          usleep(5_000)
          code = posix_spawn(&process, path, &files, &attributes, words, variables)
        }
        return code
      }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
    self.process = process
  }

  /// Waits for the end, asking every few milliseconds; nil when the process does not end in time.
  func status(within patience: Duration) -> Int32? {
    let end = ContinuousClock.now + patience
    var pause: UInt32 = 500
    while true {
      var status: Int32 = 0
      let found = waitpid(process, &status, WNOHANG)
      if found == process { return status }
      if found < 0, errno != EINTR { return 0 }
      guard ContinuousClock.now < end else { return nil }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
  }

  /// Ends the process, by force when it ignores the request.
  func end() -> Int32 {
    kill(process, SIGTERM)
    if let status = status(within: .seconds(2)) { return status }
    kill(process, SIGKILL)
    return status(within: .seconds(60)) ?? SIGKILL
  }

  private static func withWords<Result>(
    _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = words.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
