import CDigest
import Foundation
import NuTuneCore

/// SHA-256 digests, which identify the inputs and outputs of stages.
package enum Digest {
  /// Computes the digest of some bytes, 64 hexadecimal digits.
  package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var hex = [CChar](repeating: 0, count: 65)
    bytes.withUnsafeBufferPointer { bytes in
      hex.withUnsafeMutableBufferPointer { _ = SHA256Data(bytes.baseAddress, bytes.count, $0.baseAddress) }
    }
    return String(decoding: hex.prefix(64).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Computes the digest of a file, nil when it cannot be read.
  package static func sha256(ofFile path: String) -> String? {
    FileManager.default.contents(atPath: path).map { sha256($0) }
  }
}
