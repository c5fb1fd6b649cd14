import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// Loads libraries of plugins that a user named, and no others.
package struct PluginLoader: Sendable {
  private let locator: PluginLocator
  private let probe: PluginProbe

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - locator: finds the files of libraries.
  ///   - probe: tries a library before it is loaded into this process.
  package init(locator: PluginLocator = PluginLocator(), probe: PluginProbe) {
    self.locator = locator
    self.probe = probe
  }

  /// Creates a loader for the running `nutune`.
  package init() throws { self.init(probe: try PluginProbe()) }

  /// Adds the plugins of some libraries to a registry; a library that is named twice is loaded once. All errors are
  /// reported together.
  package func load(_ references: [PluginReference], into registry: inout Registry) throws {
    var problems = NuTuneErrors()
    var known = Set(registry.libraries.map { Self.identity($0.path) })
    for reference in references {
      problems.attempt {
        let path = try locator.path(of: reference)
        guard known.insert(Self.identity(path)).inserted else { return }
        try load(path, into: &registry)
      }
    }
    try problems.throwIfAny()
  }

  /// Adds the libraries of a finished or planned run; the first that has changed since is an exit-65 error.
  package func load(_ libraries: [PluginLibrary], into registry: inout Registry) throws {
    for library in libraries where !registry.libraries.contains(library) {
      let path = try locator.path(of: PluginReference(library.path))
      guard Digest.sha256(ofFile: path) == library.sha256 else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: path), found: "another library than the run was made with",
          expected: "the file with SHA-256 \(library.sha256)")
      }
      try load(path, into: &registry)
    }
  }

  private func load(_ path: String, into registry: inout Registry) throws {
    try probe.check(path)
    try LoadedPlugins(path: path).register(in: &registry)
  }

  /// Returns a path that is equal for two paths of one file.
  private static func identity(_ path: String) -> String { FilePath.resolved(path) }
}
