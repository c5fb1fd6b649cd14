/// Events of a measured far sample that no charged-current cross section predicts: neutral currents, ν_τ, misidentified
/// muons.
///
/// They neither oscillate nor depend on a model, and near data do not scale them. Their numbers belong to the exposure
/// of
/// the analysis and stand beside ``AnalysisOptions/far``, whose number of events is that of charged currents.
public struct Background: Sendable, Hashable {
  /// What it is, `neutral-current`.
  public var name: String
  /// Name of the measured sample (``Dataset/measuredAs``) that it is in.
  public var sample: String
  /// Expected events, shape [bins].
  public var events: [Double]
  /// Relative uncertainty of all its events together, a pull of the fit; 0 for none. Backgrounds of one name in several
  /// samples share one pull.
  public var sigma: Double

  /// Expected events in the bins of a sample.
  ///
  /// - Parameters:
  ///   - name: what it is, `neutral-current`.
  ///   - sample: name of the measured sample that it is in.
  ///   - events: expected events, shape [bins].
  ///   - sigma: relative uncertainty of all its events together; 0 for none.
  public init(_ name: String, in sample: String, events: [Double], sigma: Double = 0) {
    self.name = name
    self.sample = sample
    self.events = events
    self.sigma = sigma
  }

  /// Expected events of all bins.
  public var total: Double { events.reduce(0, +) }

  /// Name of its pull; nil where its events are known.
  var pull: String? { sigma > 0 ? "norm_\(name)" : nil }

  /// The same background of `factor` times the exposure.
  func exposed(times factor: Double) -> Background {
    var copy = self
    copy.events = events.map { factor * $0 }
    return copy
  }
}
