import NuTuneCore

/// A study file, read and checked against every declaration; a value, the same for whoever looks at it.
///
/// ``assemble(_:)`` makes its plugins and checks what only they can know.
public struct StudyConfiguration: Sendable {
  /// Schema name of this version.
  public static let schemaName = "nutune.study/1"

  /// Name, which can be a file name.
  public var name: String
  /// Title for people.
  public var title: String
  /// Path of the study file as given.
  public var path: String
  /// Folder that relative file names in the study are relative to.
  public var directory: String
  /// Where the study takes place.
  public var experiment: ExperimentConfiguration
  /// The charged-current channels.
  public var channels: [NeutrinoSpecies]
  /// The horn modes of the beam.
  public var modes: [String]
  /// The model that makes the data.
  public var truth: PluginSelection
  /// The models that are tuned and compared, in the order of the file; the label is the key.
  public var models: [PluginSelection]
  /// Oscillation model, its parameters and the fit.
  public var oscillation: OscillationConfiguration
  /// `near:`, see ``StudySections/near``.
  public var near: ParameterValues
  /// `far:`, see ``StudySections/far``.
  public var far: ParameterValues
  /// `seed:`, see ``StudySections/seed``.
  public var seed: ParameterValues
  /// `fold:`, see ``StudySections/fold``.
  public var fold: ParameterValues
  /// `fit:`, see ``StudySections/fit``.
  public var fit: ParameterValues
  /// `slices:`, see ``StudySections/slices``.
  public var slices: ParameterValues
  /// `systematics:`, see ``StudySections/systematics``.
  public var systematics: ParameterValues
  /// The covariance that ``systematics`` names; nil when it names none.
  public var fluxCovariance: FluxCovarianceConfiguration?
  /// The libraries of plugins that were loaded for it, those of the command line among them.
  public var plugins: [PluginLibrary] = []
}

extension StudyConfiguration {
  /// Near-detector events, all samples together; nil means infinite.
  public var nearEvents: Double? { near.optionalNumber("events") }

  /// How near-detector data are drawn.
  public var nearSampling: SamplingMethod {
    near.optionalText("sample").flatMap(SamplingMethod.init) ?? (nearEvents == nil ? .asimov : .poisson)
  }

  /// Seed of what a model draws to start learning; `seed.study` when it has none of its own.
  public var networkSeed: Int { seed.optionalInteger("network") ?? seed.integer("study") }

  /// Seed of the simulated data; `seed.study` when they have none of their own.
  public var dataSeed: Int { seed.optionalInteger("data") ?? seed.integer("study") }

  /// Far-detector events, all samples together.
  public var farEvents: Double { far.number("events") }

  /// How far-detector data are drawn.
  public var farSampling: SamplingMethod { SamplingMethod(rawValue: far.text("sample")) ?? .asimov }

  /// Whether the far flux before oscillation is the far detector's own, rather than the shape of the near flux.
  public var usesOwnFarFlux: Bool { far.text("flux") == "own" }

  /// The samples at a site: every channel in every horn mode; none when the experiment has no such detector.
  public func samples(at site: DetectorSite) -> [Sample] {
    guard let detector = experiment.detector(at: site) else { return [] }
    return modes.flatMap { mode in
      channels.map { species in
        Sample(
          reaction: Reaction(species: species, target: experiment.target), mode: mode, site: site,
          binning: detector.binning)
      }
    }
  }
}
