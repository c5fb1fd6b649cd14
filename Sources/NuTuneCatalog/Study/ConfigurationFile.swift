import Foundation
import NuTuneCore
import Yams

/// A YAML file as configuration nodes that know their line and column.
package enum ConfigurationFile {
  /// Reads a file whose top is a mapping. A missing file is an exit-66 error, anything but such a file exit 65.
  package static func read(_ path: String) throws -> ConfigurationNode {
    let place = SourceLocation(file: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw NuTuneError(
        .missingInput, at: place, found: "no such file", expected: "a readable YAML file",
        suggestion: Suggestion.nearestFile(to: path))
    }
    guard !isFolder.boolValue else {
      throw NuTuneError(.missingInput, at: place, found: "a folder", expected: "a readable YAML file")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw NuTuneError(.missingInput, at: place, found: "a file that cannot be read", expected: "a readable YAML file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw NuTuneError(.badData, at: place, found: "bytes that are not UTF-8 text", expected: "a YAML file")
    }
    return try mapping(text, file: path)
  }

  /// Reads YAML text whose top is a mapping; anything else is an exit-65 error.
  ///
  /// - Parameter file: what to call the text in errors.
  package static func mapping(_ text: String, file: String) throws -> ConfigurationNode {
    let place = SourceLocation(file: file)
    let node = try parse(text, file: file)
    switch node?.content {
    case nil, .null:
      throw NuTuneError(.badData, at: place, found: "an empty file", expected: "a mapping of keys to values")
    case .mapping: return node!
    default:
      throw NuTuneError(.badData, at: node!.location, found: node!.summary, expected: "a mapping of keys to values")
    }
  }

  /// Reads YAML text; nil when there is nothing in it.
  ///
  /// - Parameter file: what to call the text in errors.
  package static func parse(_ text: String, file: String) throws -> ConfigurationNode? {
    try YAMLSize.check(text, file: file, most: largestNodeCount)
    do {
      guard let root = try Yams.compose(yaml: text) else { return nil }
      var budget = largestNodeCount
      return try convert(root, file: file, budget: &budget)
    } catch let error as YamlError {
      throw refusal(error, file: file)
    }
  }

  /// A value given on the command line, `64` or `[64, 64]`.
  package static func parseValue(_ text: String, file: String) throws -> ConfigurationNode {
    let place = SourceLocation(file: file)
    do {
      let node = try parse(text, file: file) ?? ConfigurationNode(.null, at: place)
      return node.placed(at: place)
    } catch let error as NuTuneError {
      throw NuTuneError(.badData, at: place, found: error.found, expected: error.expected)
    }
  }

  /// Aliases can make a short file expand without end.
  private static let largestNodeCount = 1_000_000

  private static func convert(_ node: Node, file: String, budget: inout Int) throws -> ConfigurationNode {
    let location = SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    budget -= 1
    guard budget > 0 else {
      throw NuTuneError(
        .badData, at: location, found: "more than \(largestNodeCount) values", expected: "a file of reasonable size")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
        return ConfigurationNode(.null, at: location)
      }
      return ConfigurationNode(.scalar(scalar.string, quoted: !isPlain), at: location)
    case .sequence(let sequence):
      var elements: [ConfigurationNode] = []
      for element in sequence { elements.append(try convert(element, file: file, budget: &budget)) }
      return ConfigurationNode(.sequence(elements), at: location)
    case .mapping(let mapping):
      var entries: [ConfigurationNode.Entry] = []
      for (key, value) in mapping {
        let place = SourceLocation(file: file, line: key.mark?.line, column: key.mark?.column)
        guard case .scalar(let name) = key else {
          throw NuTuneError(.badData, at: place, found: "a key that is not a word", expected: "a word before the colon")
        }
        entries.append(
          ConfigurationNode.Entry(
            key: name.string, location: place, value: try convert(value, file: file, budget: &budget)))
      }
      return ConfigurationNode(.mapping(entries), at: location)
    case .alias:
      throw NuTuneError(.badData, at: location, found: "an alias without its anchor", expected: "a value")
    }
  }

  private static func refusal(_ error: YamlError, file: String) -> NuTuneError {
    func refuse(_ found: String, line: Int?, column: Int?) -> NuTuneError {
      // The parser's own sentences begin as ours do.
      let words = found.hasPrefix("found ") ? String(found.dropFirst(6)) : found
      return NuTuneError(
        .badData, at: SourceLocation(file: file, line: line, column: column), found: words,
        expected: "YAML (keys, colons, consistent indentation)")
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return refuse(
        [problem, context?.text].compactMap { $0 }.joined(separator: " "), line: mark.line, column: mark.column)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.first ?? ""
      return NuTuneError(
        .badData, at: SourceLocation(file: file, line: context.mark.line, column: context.mark.column), key: key,
        found: "the key “\(key)” twice", expected: "every key once")
    case .reader(let problem, let offset, _, let text):
      let before = text.prefix(offset ?? 0)
      let line = before.split(separator: "\n", omittingEmptySubsequences: false).count
      return refuse(problem, line: max(line, 1), column: nil)
    default: return refuse("something that cannot be read (\(error))", line: nil, column: nil)
    }
  }
}

extension ConfigurationNode {
  /// The same content with one place for everything in it.
  fileprivate func placed(at place: SourceLocation) -> ConfigurationNode {
    switch content {
    case .sequence(let elements): ConfigurationNode(.sequence(elements.map { $0.placed(at: place) }), at: place)
    case .mapping(let entries):
      ConfigurationNode(
        .mapping(entries.map { Entry(key: $0.key, location: place, value: $0.value.placed(at: place)) }), at: place)
    default: ConfigurationNode(content, at: place)
    }
  }
}
