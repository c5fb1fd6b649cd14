import Foundation
import NuTuneCore
import NuTuneFiles

/// Reads JSON files of results; what is wrong with one is said by file, key, found and expected.
enum ResultFile {
  private struct SchemaName: Decodable { var schema: String }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - schema: What its key `schema` has to say.
  ///   - source: What makes such a file, for who has none.
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
