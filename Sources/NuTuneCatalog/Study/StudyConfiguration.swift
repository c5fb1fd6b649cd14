import NuTuneAnalysis
import NuTuneCore

/// A study file, read and checked against every declaration; a value, the same for whoever looks at it.
///
/// ``assemble(_:)`` makes its plugins and checks what only they can know.
package struct StudyConfiguration: Sendable {
  /// Schema name of this version.
  package static let schemaName = "nutune.study/1"
  /// Label of the truth, in place of that of a model.
  package static let truthLabel = "truth"

  /// Name, which can be a file name.
  package var name: String
  /// Title for people.
  package var title: String
  /// Path of the study file as given.
  package var path: String
  /// Folder that relative file names in the study are relative to.
  package var directory: String
  /// Where the study takes place.
  package var experiment: ExperimentConfiguration
  /// Further experiments whose near-detector data are learned together with the first one's; their positions carry the
  /// label they have in the study.
  package var joint: [ExperimentConfiguration]
  /// Where the models predict, when that is not the experiment's own far detector.
  package var prediction: PredictionConfiguration?
  /// The charged-current channels.
  package var channels: [NeutrinoSpecies]
  /// The horn modes of the beam.
  package var modes: [String]
  /// The model that makes the data; nil where they are measured.
  package var truth: PluginSelection?
  /// The measurements that are the data, in the order of the file; none where a truth makes them.
  package var measurements: [StudyMeasurement] = []
  /// The models that are tuned and compared, in the order of the file; the label is the key.
  package var models: [PluginSelection]
  /// What each model learns from, by label.
  package var tunings: [String: TuningConfiguration]
  /// Oscillation model, its parameters and the fit.
  package var oscillation: OscillationConfiguration
  /// `near:`, see ``StudySections/near``.
  package var near: ParameterValues
  /// `near.nuisance.hadronic`, numbers of the hadronic response that models fit with themselves.
  package var hadronicNuisances: [HadronicNuisanceConfiguration] = []
  /// `far:`, see ``StudySections/far``.
  package var far: ParameterValues
  /// `far.samples`, the samples of the far detector that are sums of components; empty where every channel in every horn
  /// mode is a sample.
  package var farSamples: [FarSampleConfiguration] = []
  /// `far.events_at`, the oscillation at whose parameters events of components are given; nil for those of the study.
  package var eventsAt: OscillationConfiguration?
  /// Variants of the study for `nutune scan`; nil for none.
  package var scan: ScanConfiguration?
  /// `likelihood.norm.sample`, norms of single far samples.
  package var sampleNorms: [SampleNormConfiguration] = []
  /// `likelihood.norm.experiment`, norms of the far samples of single experiments.
  package var experimentNorms: [ExperimentNormConfiguration] = []
  /// `likelihood:`, see ``StudySections/likelihood``.
  package var likelihood: ParameterValues
  /// `seed:`, see ``StudySections/seed``.
  package var seed: ParameterValues
  /// `fold:`, see ``StudySections/fold``.
  package var fold: ParameterValues
  /// `fit:`, see ``StudySections/fit``.
  package var fit: ParameterValues
  /// `slices:`, see ``StudySections/slices``.
  package var slices: ParameterValues
  /// `systematics:`, see ``StudySections/systematics``.
  package var systematics: ParameterValues
  /// The covariance that ``systematics`` names; nil when it names none.
  package var fluxCovariance: FluxCovarianceConfiguration?
  /// The libraries of plugins that were loaded for it, those of the command line among them.
  package var plugins: [PluginLibrary] = []
}

extension StudyConfiguration {
  /// Near-detector events, all samples together; nil means infinite.
  package var nearEvents: Double? { near.optionalNumber("events") }

  /// How near-detector data are drawn.
  package var nearSampling: SamplingMethod {
    near.optionalText("sample").flatMap(SamplingMethod.init) ?? (nearEvents == nil ? .asimov : .poisson)
  }

  /// Seed of what a model draws to start learning; `seed.study` when it has none of its own.
  package var networkSeed: Int { seed.optionalInteger("network") ?? seed.integer("study") }

  /// Seed of the simulated data; `seed.study` when they have none of their own.
  package var dataSeed: Int { seed.optionalInteger("data") ?? seed.integer("study") }

  /// Far-detector events, all samples together: the study's, or what the experiment gives; zero without a far detector.
  package var farEvents: Double {
    let events = farSamples.flatMap { sample in
      // Components of one key share a number.
      Dictionary(sample.components.map { ($0.key, $0.events) }, uniquingKeysWith: { first, _ in first })
        .sorted { $0.key < $1.key }.compactMap(\.value)
    }
    return events.isEmpty ? far.optionalNumber("events") ?? farDetector?.events ?? 0 : events.reduce(0, +)
  }

  /// How far-detector data are drawn.
  package var farSampling: SamplingMethod { SamplingMethod(rawValue: far.text("sample")) ?? .asimov }

  /// Near detectors at all positions, those of joint experiments last.
  package var nearDetectors: [DetectorConfiguration] { experiment.near + joint.flatMap(\.near) }

  /// Detectors at a site.
  package func detectors(at site: DetectorSite) -> [DetectorConfiguration] {
    site == .near ? nearDetectors : farDetectors
  }

  /// The samples of all detectors at a site; none when there is no such detector.
  package func samples(at site: DetectorSite) -> [Sample] { detectors(at: site).flatMap { samples(of: $0, at: site) } }

  /// The channels in which a detector measures.
  package func channels(of detector: DetectorConfiguration) -> [NeutrinoSpecies] {
    detector.measurement.map { [$0.configuration.reaction.species] } ?? channels
  }

  /// How predicted rates are compared with simulated data.
  package var statistic: Statistic { Statistic(rawValue: likelihood.text("statistic")) ?? .shape }

  /// How predicted rates are compared with measured values that have a covariance.
  package var measuredStatistic: Statistic {
    (MeasuredStatistic(rawValue: likelihood.text("measured")) ?? .normShape).statistic
  }

  /// The samples of a detector: every channel in every horn mode.
  package func samples(of detector: DetectorConfiguration, at site: DetectorSite) -> [Sample] {
    let target = experiment(of: detector).target
    guard site == .near || farSamples.isEmpty else {
      return farSamples(of: detector).flatMap { $0.samples(of: detector, target: target) }
    }
    return (detector.measurement.map { [$0.mode] } ?? modes).flatMap { mode in
      channels(of: detector).map { species in
        Sample(
          reaction: Reaction(species: species, target: target), mode: mode, site: site,
          position: site == .near ? detector.position : "", binning: detector.binning)
      }
    }
  }
}
