import Foundation
import NuTuneCore

/// Messages on standard error, each on one line whatever foreign words it contains. A failed write cannot be reported,
/// so it is no failure of the command: results and exit code tell the outcome.
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

  /// Prints a warning, which does not stop the command.
  static func warn(_ text: String) { write("nutune: warning: \(PrintableText.line(text))\n") }

  /// Prints a note on the current work.
  static func note(_ text: String) { write("nutune: \(PrintableText.line(text))\n") }
}
