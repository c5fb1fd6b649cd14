import Foundation

/// What is said when no memory is left. Nobody can ask for it in the hundreds of places where a program needs some: Swift,
/// C++ and the libraries stop the process, and what is left to do is to say why and to end with an exit code.
enum MemoryExhaustion {
  /// So much has to be left for another reason to be likely, bytes.
  private static let least = 256 << 20

  /// Watches for the signals of a process that was stopped.
  ///
  /// Anything else than missing memory is left to whoever looked before.
  static func watch() {
    for number in [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS] {
      signal(number) { number in
        // Nothing here may allocate.
        let probe = mmap(nil, MemoryExhaustion.least, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if probe == MAP_FAILED {
          MemoryExhaustion.say(
            "nutune: error: found no memory left; expected more of it (ulimit -v, the memory of the job), ")
          MemoryExhaustion.say("or a smaller study: fewer bins, nodes or threads\n")
          _exit(1)
        }
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
    }
  }

  private static func say(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
