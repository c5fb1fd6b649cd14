import Foundation
import NuTuneFiles
import Synchronization

/// Ends the program on SIGINT or SIGTERM from a user or a batch system: it removes half-written files, prints how to
/// continue, and ends by that signal, as shells and batch systems expect.
enum Interruption {
  private static let sentence = Mutex("interrupted; nothing that was begun is kept")

  /// The two ends of a pipe that carries a signal to a thread, in which all calls are allowed.
  private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { return (-1, -1) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// Sets the sentence that tells the user how to continue, for the rest of the command.
  static func resume(with text: String) {
    sentence.withLock { $0 = text }
  }

  /// Watches for the signals. Started commands get them as usual: handlers end with a program.
  static func watch() {
    guard pipe.read >= 0 else { return }
    for number in [SIGINT, SIGTERM] {
      // A signal that the caller ignores (`nohup`, a background job of a script) stays ignored.
      var known = sigaction()
      guard sigaction(number, nil, &known) == 0, !Self.isIgnored(known) else { continue }
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = Foundation.write(Interruption.pipe.write, &byte, 1)
      }
    }
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while Foundation.read(pipe.read, &byte, 1) != 1 { if errno != EINTR { return } }
      let number = Int32(byte)
      TemporaryFile.removeAll()
      let name = number == SIGINT ? "SIGINT" : "SIGTERM"
      StandardError.write("\nnutune: \(name): \(sentence.withLock { $0 })\n")
      signal(number, SIG_DFL)
      kill(getpid(), number)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
