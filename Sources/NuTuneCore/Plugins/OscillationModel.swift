/// A model of neutrino oscillations.
public protocol OscillationModel: Plugin {
  /// Names of the parameters that a fit may vary, `sin2_theta23`, `dm2_32`, ….
  var fittableParameters: [String] { get }

  /// Returns the current value of one of ``fittableParameters``.
  func value(of parameter: String) throws -> Double

  /// Returns the fit domain of one of ``fittableParameters``, around its current value.
  func fitDomain(of parameter: String) throws -> FitDomain

  /// Returns the model with some parameters changed, every other one kept.
  func setting(_ changes: [String: Double]) throws -> Self

  /// Computes the probabilities at energies in GeV (> 0).
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities
}

extension OscillationModel {
  /// Returns one start at the current value, with bounds of ten times its size on either side.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    let value = try value(of: parameter)
    let size = max(abs(value), 1e-6)
    return FitDomain(starts: [value], bounds: value - 10 * size...value + 10 * size, scale: 0.1 * size)
  }
}
