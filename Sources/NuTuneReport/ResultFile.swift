import Foundation
import NuTuneCore

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
    do {
      let found = try JSONDecoder().decode(SchemaName.self, from: bytes).schema
      guard found == schema else {
        throw NuTuneError(.badData, at: place, key: "schema", found: "“\(found)”", expected: "“\(schema)”")
      }
      return try JSONDecoder().decode(type, from: bytes)
    } catch let error as DecodingError {
      throw refusal(error, at: place, schema: schema)
    }
  }

  private static func refusal(_ error: DecodingError, at place: SourceLocation, schema: String) -> NuTuneError {
    func key(_ path: [any CodingKey]) -> String? {
      let steps = path.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
      return steps.isEmpty ? nil : steps.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let missing, let context):
      return NuTuneError(
        .badData, at: place, key: key(context.codingPath + [missing]), found: "no value",
        expected: "one, as schema \(schema) has it")
    case .valueNotFound(_, let context):
      return NuTuneError(
        .badData, at: place, key: key(context.codingPath), found: "null",
        expected: "a value, as schema \(schema) has it")
    case .typeMismatch(_, let context):
      return NuTuneError(
        .badData, at: place, key: key(context.codingPath), found: "a value of another kind",
        expected: "one of the kind that schema \(schema) has")
    case .dataCorrupted(let context):
      return NuTuneError(
        .badData, at: place, key: key(context.codingPath), found: "content that cannot be read",
        expected: "JSON of schema \(schema)")
    @unknown default:
      return NuTuneError(
        .badData, at: place, found: "content that cannot be read", expected: "JSON of schema \(schema)")
    }
  }
}
