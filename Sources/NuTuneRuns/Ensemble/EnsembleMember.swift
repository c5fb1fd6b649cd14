import NuTuneCore
import NuTuneResults

/// What is kept of one member of an ensemble, in `members/<name>.json`.
struct EnsembleMember: Codable, Sendable {
  /// The fit with one cross section.
  struct Outcome: Codable, Sendable {
    /// Whether the fit converged.
    var converged: Bool
    /// How it came out.
    var verdict: String
    /// Parameters at the minimum that is compared with the truth's, in order.
    var fit: [Double]
    /// Intervals of Δ(−2lnL) = 1 around it, [lower, upper] for each parameter.
    var oneSigma: [[Double]]
    /// Intervals of Δ(−2lnL) = 4.
    var twoSigma: [[Double]]
    /// Δ(−2lnL) on the axes of the ensemble, [y][x] flat, to four decimals.
    var scan: [Double]
    /// Far bin probabilities at the true oscillation parameters, shape [far samples][bins].
    var far: [[Double]]
    /// tv to the truth at the near and at the far detector.
    var nearTv: Double
    var farTv: Double

    enum CodingKeys: String, CodingKey {
      case converged
      case verdict
      case fit
      case oneSigma = "one_sigma"
      case twoSigma = "two_sigma"
      case scan
      case far
      case nearTv = "near_tv"
      case farTv = "far_tv"
    }
  }

  /// Digest of what it depends on.
  package var digest: String
  /// Its set.
  var set: String
  /// Its number.
  var member: Int
  /// Label of the model it took.
  var label: String
  /// How the model was tuned; nil for a model that is not, or that could not be.
  var training: TuningRecord?
  /// With the model; nil when it could not be tuned or fitted.
  var model: Outcome?
  /// Why there is none.
  var failure: String?
  /// With the true cross section and the member's fluxes; nil where these are nominal.
  var truth: Outcome?
}
