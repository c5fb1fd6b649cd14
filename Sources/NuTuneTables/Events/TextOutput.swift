import Foundation
import NuTuneCore

/// A text file that is written piece by piece.
package final class TextOutput {
  private let path: String
  private var stream: UnsafeMutablePointer<FILE>?

  /// Opens a file, which is emptied; throws an exit-73 error where that is not possible.
  package init(_ path: String) throws {
    self.path = path
    stream = fopen(path, "we")
    guard stream != nil else { throw refusal("open") }
  }

  deinit { if let stream { fclose(stream) } }

  /// Adds text.
  package func write(_ text: String) throws {
    var text = text
    let isWritten = text.withUTF8 { bytes in
      bytes.isEmpty || fwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count
    }
    guard isWritten else { throw refusal("write") }
  }

  /// Closes the file; throws where not everything reached it.
  package func close() throws {
    guard let open = stream else { return }
    stream = nil
    guard fclose(open) == 0 else { throw refusal("close") }
  }

  private func refusal(_ what: String) -> NuTuneError {
    NuTuneError(
      .cannotWrite, at: SourceLocation(file: path), found: "\(what) failed (\(String(cString: strerror(errno))))",
      expected: "a writable folder with room for the events")
  }
}
