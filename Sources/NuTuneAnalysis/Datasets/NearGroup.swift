import NuTuneCore

/// Near datasets whose numbers of events together fix the scale of far ones: those of a neutrino sign and, where several
/// experiments have far samples, of one experiment.
///
/// The flux of a beam cancels between its own near and far detectors, and structure functions belong to one target, so near
/// data of one experiment say nothing about the far rates of another. Where the near samples of an experiment are sums of
/// neutrinos and antineutrinos, both signs have one scale: how many of each there are is learned from the sums.
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

  /// Whether its number of events fixes the scale of far ones.
  var fixesScale: Bool { roles.contains(.learn) && !statistic.comparesValues }
}

extension ForwardModel {
  /// The groups whose scale the number of events of a near dataset fixes; none where it fixes none.
  func groups(fixedBy dataset: Dataset) -> [NearGroup] {
    guard dataset.fixesScale else { return [] }
    return experimentsOfSums.contains(dataset.experiment)
      ? Helicity.allCases.map { NearGroup($0, experiment: dataset.experiment) } : [dataset.nearGroup]
  }

  /// Near scales of all groups, each of the near datasets that fix it: one sum over another where both are positive.
  ///
  /// - Parameter parts: of a near dataset by its place, numerator and denominator.
  func nearScales(_ parts: (Int) throws -> (data: Double, rate: Double)) rethrows -> [NearGroup: Double] {
    var sums: [NearGroup: (data: Double, rate: Double)] = [:]
    for (index, near) in near.enumerated() {
      let groups = groups(fixedBy: near.dataset)
      guard !groups.isEmpty else { continue }
      let own = try parts(index)
      for group in groups {
        let sum = sums[group] ?? (0, 0)
        sums[group] = (sum.data + own.data, sum.rate + own.rate)
      }
    }
    return sums.compactMapValues { $0.data > 0 && $0.rate > 0 ? $0.data / $0.rate : nil }
  }

  /// Experiments with a near sample that is a sum of both neutrino signs.
  private var experimentsOfSums: Set<String> {
    let sums = MeasuredVector.samples(of: near).map { $0.map { near[$0].dataset } }
    return Set(sums.filter { Set($0.map(\.species.helicity)).count > 1 }.map { $0[0].experiment })
  }
}
