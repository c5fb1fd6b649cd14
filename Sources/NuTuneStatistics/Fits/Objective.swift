/// What a fit minimises: −2 ln L of some parameters, with derivatives where the likelihood knows them.
struct Objective {
  /// −2 ln L, shape [parameters] → one number.
  let value: ([Double]) throws -> Double
  /// −2 ln L with its derivatives; nil where it has none.
  let slope: ([Double]) throws -> LikelihoodSlope?

  /// A likelihood of all its parameters.
  init(_ likelihood: any Likelihood) {
    value = { try likelihood.minusTwoLogLikelihood(at: $0) }
    slope = { try likelihood.slope(at: $0) }
  }

  private init(
    value: @escaping ([Double]) throws -> Double, slope: @escaping ([Double]) throws -> LikelihoodSlope?
  ) {
    self.value = value
    self.slope = slope
  }

  /// The same function of some of its parameters, the others held.
  ///
  /// - Parameters:
  ///   - free: places of the parameters that vary.
  ///   - base: values of all parameters, shape [parameters].
  func restricted(to free: [Int], at base: [Double]) -> Objective {
    guard free.count < base.count else { return self }
    func whole(_ values: [Double]) -> [Double] {
      var whole = base
      for (i, x) in zip(free, values) { whole[i] = x }
      return whole
    }
    return Objective(
      value: { try value(whole($0)) },
      slope: {
        guard let slope = try slope(whole($0)) else { return nil }
        return LikelihoodSlope(value: slope.value, gradient: free.map { slope.gradient[$0] })
      })
  }
}
