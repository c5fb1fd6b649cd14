import Foundation
import NuTuneCore
import NuTuneFiles

/// Reads JSON files of results; errors name file, key, what was found and what was expected.
enum ResultFile {
  private struct SchemaName: Decodable { var schema: String }

  /// Reads the content of a file.
  ///
  /// - Parameters:
  ///   - schema: Expected value of its key `schema`.
  ///   - source: The command that makes such a file, for the error about a missing one.
  static func read<Content: Decodable>(
    _ type: Content.Type, schema: String, from path: String, madeBy source: String = "a finished run"
  ) throws -> Content {
    let place = SourceLocation(file: path)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw NuTuneError(
        .missingInput, at: place, found: "no readable file", expected: "a file of schema \(schema) from \(source)")
    }
    let what = "a file of schema \(schema) from \(source)"
    let found = try JSONFile.decode(SchemaName.self, bytes, path: path, expected: what).schema
    guard found == schema else {
      throw NuTuneError(.badData, at: place, key: "schema", found: "“\(found)”", expected: "“\(schema)”")
    }
    return try JSONFile.decode(type, bytes, path: path, expected: what)
  }
}
