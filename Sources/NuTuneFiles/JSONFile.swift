import Foundation
import NuTuneCore

/// Reads and writes JSON; errors name file, key, what was found and what was expected.
package enum JSONFile {
  /// Reads a file; a missing file is an exit-66 error, one with other content an exit-65 error.
  ///
  /// - Parameters:
  ///   - path: path of the file.
  ///   - what: description of the expected file, for errors: `a file of schema nutune.results/1 from a finished run`.
  package static func read<Content: Decodable>(_ type: Content.Type, from path: String, expected what: String) throws
    -> Content
  {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path),
        found: FilePath.isFolder(path) ? "a folder" : "no readable file", expected: what)
    }
    return try decode(type, bytes, path: path, expected: what)
  }

  /// Decodes the content of some bytes.
  ///
  /// - Parameters:
  ///   - bytes: JSON.
  ///   - path: path of their file.
  ///   - what: description of the expected file, for errors.
  package static func decode<Content: Decodable>(
    _ type: Content.Type, _ bytes: Data, path: String, expected what: String
  ) throws -> Content {
    do {
      let content = try JSONDecoder().decode(type, from: bytes)
      try (content as? any ReadBack)?.check()
      return content
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: path))
    } catch let error as DecodingError {
      throw refusal(error, at: SourceLocation(file: path), expected: what)
    } catch {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path),
        found: "content that was changed after it was written, or that another version wrote",
        expected: "the file as nutune wrote it; without the file it is made anew")
    }
  }

  /// Encodes a value as JSON: sorted keys, every digit of a number. A number that is not finite is an error.
  ///
  /// - Parameters:
  ///   - isCompact: whether to write one line, for files of which there are many.
  ///   - names: other names of keys; keys that are not among them keep theirs.
  package static func bytes(of value: some Encodable, isCompact: Bool = false, names: [String: String] = [:]) throws
    -> Data
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
    if !names.isEmpty {
      encoder.keyEncodingStrategy = .custom { path in
        let key = path[path.count - 1]
        guard let name = names[key.stringValue] else { return key }
        return NamedKey(stringValue: name)
      }
    }
    do {
      return try encoder.encode(value)
    } catch {
      throw NuTuneError(
        .runtime, found: "a result that cannot be written as JSON, because a number in it is not finite",
        expected: "finite numbers")
    }
  }

  /// A key of any name.
  private struct NamedKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { return nil }
  }

  private static func refusal(_ error: DecodingError, at place: SourceLocation, expected what: String) -> NuTuneError {
    func refuse(_ path: [any CodingKey], _ found: String) -> NuTuneError {
      let steps = path.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
      return NuTuneError(
        .badData, at: place, key: steps.isEmpty ? nil : steps.joined(separator: "."), found: found, expected: what)
    }
    switch error {
    case .keyNotFound(let missing, let context): return refuse(context.codingPath + [missing], "no value")
    case .valueNotFound(_, let context): return refuse(context.codingPath, "null")
    case .typeMismatch(_, let context): return refuse(context.codingPath, "a value of another kind")
    case .dataCorrupted(let context): return refuse(context.codingPath, "content that cannot be read")
    @unknown default: return refuse([], "content that cannot be read")
    }
  }
}
