import NuTuneCore

/// The study as run: plain values by dotted path, and the labels of its models in order.
public struct EffectiveStudy: Sendable, Codable {
  /// The path of the seed of simulated data.
  public static let dataSeedKey = "seed.data"

  /// Name of the study.
  public var name: String
  /// Title for figures and pages.
  public var title: String
  /// Model labels in the order of the study.
  public var models: [String]
  /// Every value, by dotted path (`models.neural.network.hidden`).
  public var values: [String: ParameterValue]
  /// The libraries of plugins that were loaded for the study; nil when there are none.
  public var plugins: [PluginLibrary]?

  /// Creates an effective study.
  public init(
    name: String, title: String, models: [String], values: [String: ParameterValue], plugins: [PluginLibrary]? = nil
  ) {
    self.name = name
    self.title = title
    self.models = models
    self.values = values
    self.plugins = plugins
  }
}
