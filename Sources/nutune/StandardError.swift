import Foundation
import NuTuneCore

/// Messages on standard error, each on one line whatever words from outside stand in it. Nobody is left to tell when they cannot be written, so a failed write is no failure of
/// the command: its results and exit code say how it went.
enum StandardError {
  /// Writes as much of a text as can be written.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(STDERR_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        offset += written
      }
    }
  }

  /// Says that something is wrong that does not stop the command.
  static func warn(_ text: String) { write("nutune: warning: \(PrintableText.line(text))\n") }

  /// Says what is going on.
  static func note(_ text: String) { write("nutune: \(PrintableText.line(text))\n") }
}
