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

  /// Discrete hypotheses that a fit may compare: every question has at least two answers. None by default.
  var hypotheses: [FitHypothesis] { get throws }

  /// Quantities that follow from the parameters. None by default.
  var derivedQuantities: [DerivedQuantity] { get }

  /// Returns the current value of one of ``derivedQuantities``.
  func value(ofDerived quantity: String) throws -> Double

  /// Computes the probabilities at energies in GeV (> 0).
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities

  /// Computes the probabilities and their derivatives with respect to some of ``fittableParameters``.
  ///
  /// A derivative holds the other named parameters fixed, and of the rest those that `setting(_:)` keeps. By default
  /// the derivatives are finite differences, see ``finiteDifferenceGradients(of:at:over:helicity:)``.
  func probabilityGradients(
    of parameters: [String], at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationGradients
}

extension OscillationModel {
  /// No hypotheses.
  public var hypotheses: [FitHypothesis] { [] }

  /// No derived quantities.
  public var derivedQuantities: [DerivedQuantity] { [] }

  /// Throws, because there are no derived quantities.
  public func value(ofDerived quantity: String) throws -> Double {
    throw NuTuneError(
      .internalError, key: quantity, found: "an unknown derived quantity", expected: "one of the model's")
  }

  /// Returns one start at the current value, with bounds of ten times its size on either side.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    let value = try value(of: parameter)
    let size = max(abs(value), 1e-6)
    return FitDomain(starts: [value], bounds: value - 10 * size...value + 10 * size, scale: 0.1 * size)
  }
}
