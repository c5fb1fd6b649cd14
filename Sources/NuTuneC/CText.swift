import Foundation
import NuTuneCatalog
import NuTuneCore

/// Texts across the border.
enum CText {
  /// The text that a pointer of the caller names.
  static func text(_ pointer: UnsafePointer<CChar>) -> String { String(cString: pointer) }

  /// A list of texts; null pointers count as empty ones.
  static func list(_ pointer: UnsafePointer<UnsafePointer<CChar>?>?, count: Int) -> [String] {
    guard let pointer else { return [] }
    return UnsafeBufferPointer(start: pointer, count: count).map { $0.map { String(cString: $0) } ?? "" }
  }

  /// A JSON document for the caller, who frees it.
  static func json(_ value: JSONValue) throws -> UnsafeMutablePointer<CChar>? { strdup(try value.rendered()) }
}
