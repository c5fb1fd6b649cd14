import NuTuneCore

/// Near datasets whose numbers of events together fix the scale of far ones: those of a neutrino sign and, where several
/// experiments have far samples, of one experiment.
///
/// The flux of a beam cancels between its own near and far detectors, and structure functions belong to one target, so near
/// data of one experiment say nothing about the far rates of another.
public struct NearGroup: Sendable, Hashable {
  /// The neutrino sign.
  public var helicity: Helicity
  /// Name of the experiment, ``Dataset/experiment``; empty where all datasets belong together.
  public var experiment: String

  /// The near datasets of a neutrino sign and an experiment.
  public init(_ helicity: Helicity, experiment: String = "") {
    self.helicity = helicity
    self.experiment = experiment
  }
}

extension Dataset {
  /// The near datasets that fix its scale, or those that it is one of.
  public var nearGroup: NearGroup { NearGroup(species.helicity, experiment: experiment) }

  /// Whether its number of events fixes the scale of a group.
  func fixesScale(of group: NearGroup) -> Bool {
    nearGroup == group && roles.contains(.learn) && !statistic.comparesValues
  }
}
