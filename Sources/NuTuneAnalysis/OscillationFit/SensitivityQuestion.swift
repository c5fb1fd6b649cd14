import NuTuneCore

/// A question about neutrinos that far data can answer, and the quantity against which its answer is drawn.
public enum SensitivityQuestion: String, Sendable, CaseIterable, Hashable {
  /// Whether θ₂₃ lies below or above 45°, against the true sin²θ₂₃.
  case octant
  /// Whether neutrinos violate CP, sin δ ≠ 0, against the true δ_CP.
  case cp
  /// Which mass ordering there is, against the true δ_CP.
  case ordering
  /// How large the errors of the fitted parameters are, against the exposure.
  case resolution

  /// The oscillation parameter whose true value is varied; nil for the exposure.
  public var parameter: String? {
    switch self {
    case .octant: "sin2_theta23"
    case .cp, .ordering: "delta_cp"
    case .resolution: nil
    }
  }

  /// Parameters that a fit has to leave free, lest a value that is held decides the question.
  public var fitted: [String] {
    switch self {
    case .octant: ["sin2_theta23"]
    case .cp: ["delta_cp"]
    case .ordering: ["dm2_32"]
    case .resolution: []
    }
  }
}
