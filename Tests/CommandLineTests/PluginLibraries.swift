import Foundation
import Testing

/// The libraries of plugins that `make plugin-test` builds, good and bad.
enum PluginLibraries {
  /// The folder they are in, nil when nobody built them.
  static let folder = ProcessInfo.processInfo.environment["NUTUNE_TEST_PLUGINS"]

  /// The file of one of them.
  static func path(_ name: String) -> String { "\(folder ?? "")/lib\(name).so" }
}

extension CommandLineRun {
  /// Runs a line of bash with the catalogs of the package and a short time limit for plugins.
  init(plugins line: String, in folder: String = CommandLineRun.root) throws {
    try self.init(
      shell: "export NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs' NUTUNE_PLUGIN_TIMEOUT=8; \(line)", in: folder)
  }
}
