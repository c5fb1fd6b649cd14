import NuTuneAnalysis
import NuTuneCore

/// Far detectors of a study: that of the experiment, that of another one which is predicted, or those of all experiments
/// whose far samples are fitted together.
extension StudyConfiguration {
  /// What the study calls its experiments, those whose near data it has.
  var experimentLabels: [String] { ([experiment] + joint).map(\.label) }

  /// Whether far samples of an experiment of `joint` are fitted.
  package var hasJointFarSamples: Bool {
    farSamples.contains { ($0.experiment ?? experiment.label) != experiment.label }
  }

  /// Experiments whose far samples are fitted, in the order of the study.
  private var farExperiments: [ExperimentConfiguration] {
    guard hasJointFarSamples else { return [experiment] }
    let labels = Set(farSamples.map { $0.experiment ?? experiment.label })
    return ([experiment] + joint).filter { labels.contains($0.label) }
  }

  /// The detectors that are predicted: the far ones of the experiments that have far samples unless the study says
  /// otherwise; none where there is no far detector.
  package var farDetectors: [DetectorConfiguration] {
    prediction.map { [$0.detector] } ?? farExperiments.compactMap(\.far)
  }

  /// The first of ``farDetectors``; nil without one.
  package var farDetector: DetectorConfiguration? { farDetectors.first }

  /// The experiment that a near or far detector belongs to.
  package func experiment(of detector: DetectorConfiguration) -> ExperimentConfiguration {
    let others = joint + (prediction.map { [$0.experiment] } ?? [])
    return others.first { detector.path.hasPrefix("\($0.path).") } ?? experiment
  }

  /// The way from the source to a far detector.
  package func baseline(of detector: DetectorConfiguration) -> Baseline {
    prediction?.baseline ?? experiment(of: detector).baseline ?? .none
  }

  /// The way from the source to ``farDetector``.
  package var baseline: Baseline { farDetector.map(baseline(of:)) ?? experiment.baseline ?? .none }

  /// Whether the flux of a far detector before oscillation is its own, rather than the shape of the near flux of its
  /// experiment.
  package func usesOwnFlux(_ detector: DetectorConfiguration) -> Bool {
    if prediction != nil { return true }
    return (far.optionalText("flux").flatMap(FarFlux.init) ?? detector.fluxChoice ?? .own) == .own
  }

  /// Whether ``farDetector`` is predicted with its own flux.
  package var usesOwnFarFlux: Bool { farDetector.map(usesOwnFlux) ?? true }

  /// Index of the near detector of the same beam as a far one, the first of its experiment.
  func nearIndex(of far: DetectorConfiguration) -> Int {
    let path = experiment(of: far).path
    return nearDetectors.firstIndex { experiment(of: $0).path == path } ?? 0
  }

  /// Samples of `far.samples` that a far detector measures.
  func farSamples(of detector: DetectorConfiguration) -> [FarSampleConfiguration] {
    guard prediction == nil else { return farSamples }
    let label = experiment(of: detector).label
    return farSamples.filter { ($0.experiment ?? experiment.label) == label }
  }

  /// The channels in which the far detectors measure, those of their components.
  package var farChannels: [NeutrinoSpecies] { farSamples.isEmpty ? channels : Self.channels(of: farSamples) }

  /// The channels in which a far detector measures, those of its components.
  func farChannels(of detector: DetectorConfiguration) -> [NeutrinoSpecies] {
    farSamples.isEmpty ? channels : Self.channels(of: farSamples(of: detector))
  }

  private static func channels(of samples: [FarSampleConfiguration]) -> [NeutrinoSpecies] {
    let species = Set(samples.flatMap(\.components).map(\.species))
    return NeutrinoSpecies.allCases.filter(species.contains)
  }

  /// Targets of all experiments, that of the main one first.
  var targets: [Target] {
    joint.map(\.target).reduce(into: [experiment.target]) { known, target in
      if !known.contains(target) { known.append(target) }
    }
  }
}
