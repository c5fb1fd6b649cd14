import NuTuneAnalysis
import NuTuneCore
import NuTuneResults

/// The stored result of one member of an ensemble, in `members/<name>.json`.
struct EnsembleMember: Codable, Sendable {
  /// The result of the fit with one cross section.
  struct Outcome: Codable, Sendable {
    /// Whether the fit converged.
    var converged: Bool
    /// The outcome of the fit.
    var verdict: String
    /// Parameters at the nearest minimum, in order.
    var fit: [Double]
    /// Intervals of Δ(−2lnL) = 1 around ``fit``, [lower, upper] for each parameter.
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

  /// Digest of its inputs.
  package var digest: String
  /// Name of its set.
  var set: String
  /// Number of the member.
  var member: Int
  /// Label of the model of this member.
  var label: String
  /// Record of the tuning; nil for a model that is not tuned, or could not be.
  var training: TuningRecord?
  /// Result with the model; nil when it could not be tuned or fitted.
  var model: Outcome?
  /// SHA-256 of the weights of its model; nil where they are not kept.
  var weightsDigest: String?
  /// Reason why there is no result with the model.
  var failure: String?
  /// Result with the true cross section and the member's fluxes; nil when these are nominal.
  var truth: Outcome?

  enum CodingKeys: String, CodingKey {
    case digest, set, member, label, training, model, failure, truth
    case weightsDigest = "weights_sha256"
  }
}
