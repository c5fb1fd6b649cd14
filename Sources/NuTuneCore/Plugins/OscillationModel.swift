/// A model of neutrino oscillations.
public protocol OscillationModel: Plugin {
  /// Names of the parameters that a fit may vary, `sin2_theta23`, `dm2_32`, ….
  var fittableParameters: [String] { get }

  /// Value of one of ``fittableParameters`` now.
  func value(of parameter: String) throws -> Double

  /// Where a fit looks for one of ``fittableParameters``, around its value now.
  func fitDomain(of parameter: String) throws -> FitDomain

  /// The model with some parameters changed, every other one kept.
  func setting(_ changes: [String: Double]) throws -> Self

  /// Probabilities at energies in GeV (> 0).
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities
}

extension OscillationModel {
  /// One start at the value now, bounds of ten times its size either way.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    let value = try value(of: parameter)
    let size = max(abs(value), 1e-6)
    return FitDomain(starts: [value], bounds: value - 10 * size...value + 10 * size, scale: 0.1 * size)
  }
}
