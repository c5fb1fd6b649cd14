extension OscillationModel {
  /// Finite differences.
  public func probabilityGradients(
    of parameters: [String], at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationGradients {
    try finiteDifferenceGradients(of: parameters, at: energies, over: baseline, helicity: helicity)
  }

  /// Returns the derivatives as differences over a thousandth of the scale of each parameter's fit domain: central
  /// ones, and one-sided ones of second order where a central one would leave the domain.
  ///
  /// Costs two evaluations of the probabilities for each parameter. The error is of the order of the squared step over
  /// the squared distance on which the probabilities curve, about 1e-7, and rounding is below that.
  public func finiteDifferenceGradients(
    of parameters: [String], at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationGradients {
    let center = try probabilities(at: energies, over: baseline, helicity: helicity)
    var fixed: [String: Double] = [:]
    for name in parameters { fixed[name] = try value(of: name) }
    func displaced(_ name: String, to value: Double) throws -> [Double] {
      var changes = fixed
      changes[name] = value
      return try setting(changes).probabilities(at: energies, over: baseline, helicity: helicity).values
    }
    var values: [Double] = []
    values.reserveCapacity(parameters.count * center.values.count)
    for name in parameters {
      let domain = try fitDomain(of: name)
      let value = try value(of: name)
      let step = 1e-3 * domain.scale
      let isAbove = domain.period != nil || value + step <= domain.bounds.upperBound
      let isBelow = domain.period != nil || value - step >= domain.bounds.lowerBound
      if isAbove, isBelow {
        let (upper, lower) = (value + step, value - step)
        let (above, below) = (try displaced(name, to: upper), try displaced(name, to: lower))
        values += zip(above, below).map { ($0 - $1) / (upper - lower) }
      } else {
        let inward = isAbove ? step : -step
        let (near, far) = (try displaced(name, to: value + inward), try displaced(name, to: value + 2 * inward))
        values += center.values.indices.map {
          (4 * (near[$0] - center.values[$0]) - (far[$0] - center.values[$0])) / (2 * inward)
        }
      }
    }
    return OscillationGradients(probabilities: center, parameters: parameters, values: values)
  }
}
