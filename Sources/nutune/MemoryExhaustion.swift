import Foundation

/// Reports that memory is exhausted. The hundreds of places that allocate memory cannot be checked one by one: Swift,
/// C++ and the libraries stop the process, and all that is left is to print the reason and to end with an exit code.
enum MemoryExhaustion {
  /// Free memory from which on another reason is likely, bytes.
  private static let least = 256 << 20

  /// Watches for the signals of a stopped process.
  ///
  /// Any other reason than missing memory is left to the previous handler.
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
