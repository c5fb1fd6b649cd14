import Foundation

extension NetworkShape {
  /// Draws initial parameters: weights normal with variance 1/(inputs of their layer), biases zero.
  ///
  /// - Parameters:
  ///   - type: Precision of the parameters.
  ///   - standardNormal: Called once per weight, in the order of the parameters.
  public func initialParameters<Scalar: NetworkScalar>(
    _ type: Scalar.Type = Scalar.self, standardNormal: () -> Double
  ) -> [Scalar] {
    var parameters = [Scalar](repeating: 0, count: parameterCount)
    for layer in layers {
      let width = (1 / Double(layer.inputs)).squareRoot()
      for index in layer.weights { parameters[index] = Scalar(width * standardNormal()) }
    }
    return parameters
  }

  /// Draws initial parameters, with normal numbers from a generator by Box and Muller's method.
  public func initialParameters<Scalar: NetworkScalar>(
    _ type: Scalar.Type = Scalar.self, using generator: inout some RandomNumberGenerator
  ) -> [Scalar] {
    var spare: Double?
    return initialParameters(type) {
      if let value = spare {
        spare = nil
        return value
      }
      // 53 random bits in (0, 1]: the logarithm stays finite.
      let radius = (-2 * log(Double((generator.next() >> 11) + 1) * 0x1p-53)).squareRoot()
      let angle = 2 * Double.pi * Double(generator.next() >> 11) * 0x1p-53
      spare = radius * sin(angle)
      return radius * cos(angle)
    }
  }
}
