import NuTuneNumerics

/// Mean and scatter of the best fits of an ensemble, by parameter.
public struct EnsembleSpread: Equatable, Sendable {
  /// Number of members M.
  public let members: Int
  /// Means, shape [parameters].
  public let means: [Double]
  /// Standard deviations s with M − 1 in the denominator, shape [parameters].
  public let standardDeviations: [Double]

  /// Standard errors of the means, s/√M, shape [parameters].
  public var meanErrors: [Double] { standardDeviations.map { $0 / Double(members).squareRoot() } }
  /// Standard errors of the standard deviations for Gaussian members, s/√(2(M − 1)), shape [parameters].
  public var standardDeviationErrors: [Double] {
    standardDeviations.map { $0 / (2 * Double(members - 1)).squareRoot() }
  }

  /// Computes mean and scatter of best fits, shape [members][parameters], of at least two members. The second of two
  /// passes takes deviations from the mean, so nothing cancels.
  public init(_ fits: [[Double]]) throws {
    guard fits.count >= 2 else { throw InferenceError.badEnsemble("\(fits.count) members; a scatter needs two") }
    for (member, fit) in fits.enumerated() where fit.count != fits[0].count || !fit.allSatisfy(\.isFinite) {
      throw InferenceError.badEnsemble("member \(member) is \(fit); expected \(fits[0].count) finite numbers")
    }
    let count = Double(fits.count)
    let means = fits[0].indices.map { i in fits.reduce(0) { $0 + $1[i] } / count }
    members = fits.count
    self.means = means
    standardDeviations = means.indices.map { i in
      (fits.reduce(0) { $0 + ($1[i] - means[i]) * ($1[i] - means[i]) } / (count - 1)).squareRoot()
    }
  }
}
