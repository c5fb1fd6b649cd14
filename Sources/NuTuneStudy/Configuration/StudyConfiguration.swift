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
  /// Further experiments whose near-detector data are learned together with the first one's; their positions carry the
  /// label they have in the study.
  public var joint: [ExperimentConfiguration]
  /// Where the models predict, when that is not the experiment's own far detector.
  public var prediction: PredictionConfiguration?
  /// The charged-current channels.
  public var channels: [NeutrinoSpecies]
  /// The horn modes of the beam.
  public var modes: [String]
  /// The model that makes the data.
  public var truth: PluginSelection
  /// The models that are tuned and compared, in the order of the file; the label is the key.
  public var models: [PluginSelection]
  /// What each model learns from, by label.
  public var tunings: [String: TuningConfiguration]
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

  /// Far-detector events, all samples together: the study's, or what the experiment gives; zero without a far detector.
  public var farEvents: Double { far.optionalNumber("events") ?? farDetector?.events ?? 0 }

  /// How far-detector data are drawn.
  public var farSampling: SamplingMethod { SamplingMethod(rawValue: far.text("sample")) ?? .asimov }

  /// Whether the far flux before oscillation is the far detector's own, rather than the shape of the near flux.
  public var usesOwnFarFlux: Bool {
    if prediction != nil { return true }
    return (far.optionalText("flux").flatMap(FarFlux.init) ?? experiment.far?.fluxChoice ?? .own) == .own
  }

  /// Near detectors at all positions, those of joint experiments last.
  public var nearDetectors: [DetectorConfiguration] { experiment.near + joint.flatMap(\.near) }

  /// The detector that is predicted: the far one of the experiment unless the study says otherwise; nil without one.
  public var farDetector: DetectorConfiguration? { prediction?.detector ?? experiment.far }

  /// The way from the source to ``farDetector``.
  public var baseline: Baseline { prediction?.baseline ?? experiment.baseline ?? .none }

  /// Everything that says where neutrinos come from and where they are measured, as dotted paths.
  static let experimentPaths = ["channels", "modes", "experiment", "joint", "predict"]

  /// Detectors at a site.
  func detectors(at site: DetectorSite) -> [DetectorConfiguration] {
    site == .near ? nearDetectors : farDetector.map { [$0] } ?? []
  }

  /// The samples of all detectors at a site; none when there is no such detector.
  public func samples(at site: DetectorSite) -> [Sample] { detectors(at: site).flatMap { samples(of: $0, at: site) } }

  /// The samples of a detector: every channel in every horn mode.
  public func samples(of detector: DetectorConfiguration, at site: DetectorSite) -> [Sample] {
    modes.flatMap { mode in
      channels.map { species in
        Sample(
          reaction: Reaction(species: species, target: experiment.target), mode: mode, site: site,
          position: site == .near ? detector.position : "", binning: detector.binning)
      }
    }
  }
}
