import NuTuneCore

/// Versions, seeds and times behind a result.
public struct Provenance: Sendable, Codable {
  /// Version of NuTune.
  public var version: String
  /// Commit from which the program was built, empty when unknown.
  public var commit: String
  /// Seeds by purpose.
  public var seeds: [String: Int]
  /// Versions of libraries by name.
  public var libraries: [String: String]
  /// Start time of the run (ISO 8601).
  public var started: String
  /// Seconds of each stage as measured when it was computed.
  public var seconds: [String: Double]
  /// The libraries of plugins that were loaded; nil when there were none.
  public var plugins: [PluginLibrary]?

  /// Creates a provenance.
  public init(
    version: String, commit: String, seeds: [String: Int], libraries: [String: String], started: String,
    seconds: [String: Double], plugins: [PluginLibrary]? = nil
  ) {
    self.version = version
    self.commit = commit
    self.seeds = seeds
    self.libraries = libraries
    self.started = started
    self.seconds = seconds
    self.plugins = plugins
  }
}
