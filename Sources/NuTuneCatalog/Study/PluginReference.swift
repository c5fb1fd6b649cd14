import Foundation
import NuTuneCore

/// A library of plugins as a user names it: by a path, or by a bare name for a search path.
package struct PluginReference: Sendable, Hashable {
  /// As written.
  package var name: String
  /// Folder that a path is relative to.
  package var directory: String
  /// Where it stands, nil for the command line.
  package var location: SourceLocation?
  /// What it stands under, `plugins` or `--plugin`.
  package var key: String

  /// A library named on the command line; a path is relative to the current folder.
  package init(_ name: String) {
    self.init(name, directory: FileManager.default.currentDirectoryPath, location: nil, key: "--plugin")
  }

  /// A library named in a study.
  init(_ name: String, directory: String, location: SourceLocation?, key: String) {
    self.name = name
    self.directory = directory
    self.location = location
    self.key = key
  }

  /// Whether it is a path rather than a bare name.
  package var isPath: Bool { name.contains("/") || name.hasSuffix(".so") || [".", ".."].contains(name) }

  /// The absolute path, were it one.
  package var path: String {
    FilePath.absolute(name, in: directory)
  }
}

extension StudyConfiguration {
  /// The libraries that a study asks for under `plugins`: looked at before anything else is read, because what a study may
  /// say depends on them. Paths are relative to the study's folder.
  ///
  /// - Parameters:
  ///   - path: a study file, or the name of one in the catalog.
  ///   - overrides: `path.to.key=value`, as on the command line.
  package static func plugins(of path: String, overrides: [String] = []) throws -> [PluginReference] {
    let given = path
    let path = try file(of: given, catalog: nil)
    var node = try ConfigurationFile.read(path)
    for change in overrides.compactMap({ try? StudyOverride($0) }) where change.path == [pluginsKey] {
      node = try node.setting(change.path, to: change.value)
    }
    let plugins = try plugins(node, directory: FilePath.folder(of: path))
    // Whoever names a study by a bare name did not say where it is, and so did not name its code either.
    guard plugins.isEmpty || path == given else {
      throw NuTuneError(
        .badData, at: node[pluginsKey]?.location, key: pluginsKey,
        found: "libraries in a study that was found by its name",
        expected: "the study by its path (\(path)), because plugins run with your rights")
    }
    return plugins
  }

  static let pluginsKey = "plugins"

  /// Reads the list.
  static func plugins(_ node: ConfigurationNode, directory: String) throws -> [PluginReference] {
    guard let list = node[pluginsKey] else { return [] }
    let expected = "a list of libraries: paths, or names that are found in NUTUNE_PLUGIN_PATH"
    guard let elements = list.elements else {
      throw NuTuneError(.badData, at: list.location, key: pluginsKey, found: list.summary, expected: expected)
    }
    return try elements.map { element in
      guard let name = element.text, !name.isEmpty else {
        throw NuTuneError(.badData, at: element.location, key: pluginsKey, found: element.summary, expected: expected)
      }
      return PluginReference(name, directory: directory, location: element.location, key: pluginsKey)
    }
  }
}
