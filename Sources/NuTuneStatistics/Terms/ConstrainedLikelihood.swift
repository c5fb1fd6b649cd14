/// A likelihood times Gaussian priors of some of its parameters.
public struct ConstrainedLikelihood: Likelihood {
  /// The likelihood of the data.
  public let base: any Likelihood
  private let terms: [(index: Int, prior: GaussianPrior, parameter: FitParameter)]

  /// Multiplies a likelihood by priors.
  ///
  /// - Parameters:
  ///   - base: the likelihood of the data.
  ///   - parameters: its parameters, in order; a periodic one is compared with its prior the shorter way around.
  ///   - priors: priors of some of them; a prior of another parameter throws `InferenceError.badParameter`.
  public init(_ base: any Likelihood, _ parameters: [FitParameter], priors: [GaussianPrior]) throws {
    self.base = base
    terms = try priors.map { prior in
      guard let index = parameters.firstIndex(where: { $0.name == prior.parameter }) else {
        throw InferenceError.badParameter(name: prior.parameter, reason: "a prior; expected one of a fitted parameter")
      }
      return (index, prior, parameters[index])
    }
  }

  /// See ``Likelihood``.
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    try terms.reduce(try base.minusTwoLogLikelihood(at: parameters)) { sum, term in
      let pull = term.parameter.difference(parameters[term.index], term.prior.mean) / term.prior.sigma
      return sum + pull * pull
    }
  }

  /// See ``Likelihood``.
  public func slope(at parameters: [Double]) throws -> LikelihoodSlope? {
    guard var slope = try base.slope(at: parameters) else { return nil }
    for term in terms {
      let pull = term.parameter.difference(parameters[term.index], term.prior.mean) / term.prior.sigma
      slope.value += pull * pull
      slope.gradient[term.index] += 2 * pull / term.prior.sigma
    }
    return slope
  }
}
