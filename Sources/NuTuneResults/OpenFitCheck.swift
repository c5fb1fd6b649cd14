/// Whether the fit that integrates out what near data left open can be trusted: numbers that show the ways in which it goes
/// wrong, the worst over the fitted parameters.
public struct OpenFitCheck: Sendable, Codable {
  /// How far the minimum of the profile likelihood, without ln det(1+F), lies from that of the marginal one.
  public var profileShift: Double
  /// How far the best fit moves when the far rates at the best directions are those of the model itself, folded again,
  /// instead of the exponentials that the fit takes them for.
  public var refoldShift: Double
  /// The same at directions drawn from what near and far data leave together, root mean square.
  public var drawnShift: Double
  /// How the slopes of the far rates along the directions compare with the model's, folded again after a small change in the
  /// drawn directions: the regression of the changes that the fit takes on those that the model makes, weighted by the far
  /// statistics. 1 when they are right, −1 with a wrong sign.
  public var slopeRatio: Double
  /// Of that change the part that the fit misses, as the square root of the ratio of two χ² of the far data: slopes count as
  /// equal in groups of neutrino energy. Nothing is withheld for either: a change may be too small to matter.
  public var slopeError: Double
  /// Smallest error relative to that with the directions held at their best values, which is what far statistics alone
  /// leave: not knowing the model makes no error smaller.
  public var leastErrorRatio: Double
  /// Why the fit is withheld; empty when it can be trusted.
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

  /// Judges the numbers.
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
    // Written so that a number that is not one withholds.
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

  /// Why the fit is withheld, as a warning; nil when it can be trusted.
  public var warning: String? {
    guard !reasons.isEmpty else { return nil }
    return "the oscillation fit that integrates out what near data left open is withheld: "
      + reasons.joined(separator: "; ")
      + ". The fit held at the mean knows nothing of the model's uncertainty, so its errors are too small"
  }
}
