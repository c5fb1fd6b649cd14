import Foundation
import NuTuneCore

/// Results on standard output.
enum StandardOutput {
  /// Writes a text completely, with characters that move a cursor or turn the direction of reading written out; a
  /// closed output is ``BrokenPipe``, a full disk an exit-73 error.
  static func write(_ text: String) throws {
    var text = PrintableText.lines(text)
    try text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(STDOUT_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
        if written < 0, errno == EINTR { continue }
        if written < 0, errno == EPIPE { throw BrokenPipe() }
        guard written > 0 else {
          throw NuTuneError(
            .cannotWrite, at: SourceLocation(file: "standard output"),
            found: "a write that failed (\(String(cString: strerror(errno))))", expected: "room for the results")
        }
        offset += written
      }
    }
  }
}
