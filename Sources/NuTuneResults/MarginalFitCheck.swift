/// Whether the marginal fit over the posterior modes can be trusted: numbers that reveal its possible failures, the
/// worst over the fitted parameters.
public struct MarginalFitCheck: Sendable, Codable {
  /// Distance between the minima of the profile likelihood, without ln det(1+F), and of the marginal one, in units of
  /// the error.
  public var profileShift: Double
  /// Shift of the best fit when the far rates at the best posterior modes are computed by folding the model again,
  /// instead of by the exponential approximation, in units of the error.
  public var refoldShift: Double
  /// The same shift at posterior modes drawn from their distribution after near and far data, root mean square.
  public var drawnShift: Double
  /// Slopes of the far rates along the posterior modes, compared with the model folded again after a small change of
  /// the drawn modes: the regression of the changes in the fit's approximation on the model's, weighted by the far
  /// statistics. 1 when they are right, −1 with a wrong sign.
  public var slopeRatio: Double
  /// The part of that change that the fit misses, as the square root of the ratio of two χ² of the far data: slopes
  /// count as equal in groups of neutrino energy. Neither of the two numbers withholds a fit: a change may be too small
  /// to matter.
  public var slopeError: Double
  /// Smallest error relative to the error with the posterior modes held at their best values, which far statistics
  /// alone would give: the uncertainty of the model makes no error smaller.
  public var leastErrorRatio: Double
  /// Reasons why the fit is withheld; empty when it can be trusted.
  public var reasons: [String]

  /// Shifts in units of the error above which a fit is withheld.
  public static let largestShift = 0.5
  /// Error ratio below which a fit is withheld.
  public static let smallestErrorRatio = 0.9

  enum CodingKeys: String, CodingKey {
    case profileShift = "profile_shift"
    case refoldShift = "refold_shift"
    case drawnShift = "drawn_shift"
    case slopeRatio = "slope_ratio"
    case slopeError = "slope_error"
    case leastErrorRatio = "least_error_ratio"
    case reasons
  }

  /// Judges the numbers, and states the reasons.
  public init(
    profileShift: Double, refoldShift: Double, drawnShift: Double, slopeRatio: Double, slopeError: Double,
    leastErrorRatio: Double
  ) {
    self.profileShift = profileShift
    self.refoldShift = refoldShift
    self.drawnShift = drawnShift
    self.slopeRatio = slopeRatio
    self.slopeError = slopeError
    self.leastErrorRatio = leastErrorRatio
    var reasons: [String] = []
    func number(_ value: Double) -> String { "\((100 * value).rounded() / 100)" }
    // Written so that NaN withholds the fit.
    if !(profileShift <= Self.largestShift) {
      reasons.append("its minimum lies \(number(profileShift)) σ from that of the profile likelihood")
    }
    if !(refoldShift <= Self.largestShift) {
      reasons.append("folding the model again at the best directions moves it by \(number(refoldShift)) σ")
    }
    if !(drawnShift <= Self.largestShift) {
      reasons.append("folding the model again at drawn directions moves it by \(number(drawnShift)) σ")
    }
    if !(leastErrorRatio >= Self.smallestErrorRatio) {
      reasons.append("an error is \(number(leastErrorRatio)) of what far statistics alone leave")
    }
    self.reasons = reasons
  }

  /// The warning that the fit is withheld, with the reasons; nil when it can be trusted.
  public var warning: String? {
    guard !reasons.isEmpty else { return nil }
    return "the oscillation fit that integrates out what near data left open is withheld: "
      + reasons.joined(separator: "; ")
      + ". The fit held at the mean knows nothing of the model's uncertainty, so its errors are too small"
  }
}
