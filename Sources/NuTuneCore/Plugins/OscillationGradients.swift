/// P(ν_α → ν_β) on a batch of energies, with derivatives with respect to oscillation parameters.
public struct OscillationGradients: Sendable {
  /// The probabilities.
  public let probabilities: OscillationProbabilities
  /// Names of the parameters, in the order of ``values``.
  public let parameters: [String]
  /// ∂P/∂parameter, flat, shape [parameters][9][energies]; rows as in ``OscillationProbabilities/values``, per unit of
  /// the parameter.
  public let values: [Double]

  /// Creates gradients, flat, shape [parameters][9][energies].
  public init(probabilities: OscillationProbabilities, parameters: [String], values: [Double]) {
    precondition(values.count == 9 * probabilities.count * parameters.count)
    self.probabilities = probabilities
    self.parameters = parameters
    self.values = values
  }

  /// ∂P(ν_α → ν_β)/∂parameter for the parameter at a position in ``parameters``, shape [energies].
  public subscript(parameter: Int, from: LeptonFlavor, to: LeptonFlavor) -> ArraySlice<Double> {
    let count = probabilities.count
    let row = 9 * parameter + 3 * from.rawValue + to.rawValue
    return values[row * count..<(row + 1) * count]
  }
}
